import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { headwater, temporaryFolder } from './support/headwater.ts'

vi.setConfig({ testTimeout: 120_000 })

const on = ['--app', fileURLToPath(new URL('./support/sums.ts', import.meta.url)), '--db', 'sums.db']

it('snapshots are taken, listed, verified and dropped', async () => {
  const folder = await temporaryFolder()
  for (const sumId of ['a', 'b'])
    await headwater(['send', 'Add', JSON.stringify({ sumId, by: 1 }), ...on], folder)
  expect(await headwater(['snapshot', 'take', ...on], folder)).toMatchObject({
    code: 0,
    stdout: '2 snapshots taken\n',
  })
  const listed = await headwater(['snapshot', ...on], folder)
  expect(listed.stdout).toMatch(
    /stream +revision +taken +size +code\nsum-a +1 .* current\nsum-b +1 .* current\n/,
  )
  const verified = await headwater(['snapshot', 'verify', ...on], folder)
  expect(verified).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('2 snapshots are right, 0 wrong'),
  })

  vi.stubEnv('SUMS_WEIGHT', '3')
  onTestFinished(() => void vi.unstubAllEnvs())
  const wrong = await headwater(['snapshot', 'verify', 'sum', ...on], folder)
  expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('sum was 3 and came back as 1') })
  expect(await headwater(['snapshot', 'drop', 'sum-a', '--json', ...on], folder)).toMatchObject({
    code: 0,
    stdout: '{"dropped":1}\n',
  })
  const rest = await headwater(['snapshot', 'list', 'sum', '--json', ...on], folder)
  expect(
    rest.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ stream: 'sum-b' }])
})

it('snapshots of an aggregate that keeps none are refused', async () => {
  const folder = await temporaryFolder()
  await headwater(['send', 'Add', '{"sumId":"a","by":1}', ...on], folder)
  const unknown = await headwater(['snapshot', 'take', 'sums', ...on], folder)
  expect(unknown).toMatchObject({ stdout: '', stderr: expect.stringContaining('aggregate.unknown') })
  expect(unknown.code).not.toBe(0)
  expect(await headwater(['snapshot', 'sums', 'all', ...on], folder)).toMatchObject({ code: 2 })
})
