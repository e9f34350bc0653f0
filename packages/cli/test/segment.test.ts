import Database from 'better-sqlite3'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { headwater, temporaryFolder } from './support/headwater.ts'

vi.setConfig({ testTimeout: 120_000 })

const app = ['--app', fileURLToPath(new URL('./support/sums.ts', import.meta.url))]
const on = ['--db', 'sums.db']

it('segments are sealed, listed and verified, and a change behind the back is found', async () => {
  const folder = await temporaryFolder()
  for (const sumId of ['a', 'b', 'c', 'd', 'e'])
    await headwater(['send', 'Add', JSON.stringify({ sumId, by: 1 }), ...app, ...on], folder)
  expect(await headwater(['segment', ...on], folder)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('No segments are sealed'),
  })
  const sealed = await headwater(['segment', 'seal', '--size', '2', ...on], folder)
  expect(sealed).toMatchObject({ code: 0 })
  expect(sealed.stdout).toMatch(/segment +first +last +sealed +hash\n +1 +1 +2 .*[0-9a-f]{64}\n +2 +3 +4 /)
  const listed = await headwater(['segment', 'list', '--json', ...on], folder)
  const lines = listed.stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { number: 1, first: 1, last: 2, state: 'attached', file: null },
    { number: 2, first: 3, last: 4 },
  ])
  expect(await headwater(['segment', 'verify', ...on], folder)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('2 segments are as sealed, up to position 4'),
  })
  expect((await headwater(['doctor', ...app, ...on], folder)).stdout).toMatch(
    /Segments +2 segments are sealed, up to position 4: [0-9a-f]{64}/,
  )

  const file = new Database(join(folder, 'sums.db'))
  file.exec("UPDATE events SET actor = 'mallory' WHERE position = 3")
  file.close()
  expect(await headwater(['segment', 'verify', ...on], folder)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('its events have the hash'),
    stderr: expect.stringContaining('Segment 2 is the first that is not as sealed: positions 3 to 4'),
  })
})

it('segments of no size, and actions that there are not, are refused', async () => {
  const folder = await temporaryFolder()
  await headwater(['send', 'Add', '{"sumId":"a","by":1}', ...app, ...on], folder)
  expect((await headwater(['segment', 'seal', '--size', '0', ...on], folder)).code).toBe(2)
  const unknown = await headwater(['segment', 'melt', ...on], folder)
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There are list, seal, verify, detach, attach'),
  })
  const none = await headwater(['segment', 'seal', ...on], folder)
  expect(none).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('not enough events for another segment'),
  })
})

it('a SQLite file keeps all of its segments, and says so', async () => {
  const folder = await temporaryFolder()
  for (const sumId of ['a', 'b'])
    await headwater(['send', 'Add', JSON.stringify({ sumId, by: 1 }), ...app, ...on], folder)
  await headwater(['segment', 'seal', '--size', '2', ...on], folder)
  const refused = await headwater(['segment', 'detach', '1', 'one.gz', ...on], folder)
  expect(refused).toMatchObject({ stdout: '', stderr: expect.stringContaining('segment.unsupported') })
  expect((await headwater(['segment', 'detach', '1', ...on], folder)).code).toBe(2)
})
