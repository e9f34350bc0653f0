import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { runHere } from './support/in-process.ts'
import { counterApp, temporaryFolder } from './support/headwater.ts'

vi.setConfig({ testTimeout: 120_000 })

it('the past is corrected on the command line', async () => {
  const db = join(await temporaryFolder(), 'counter.db')
  const run = (...line: string[]) => runHere([...line, '--app', counterApp, '--db', db])
  const increment = (by: number, id: string) =>
    run('send', 'Increment', `{"counterId":"a","by":${by}}`, '--id', id)
  for (const [by, id] of [
    [1, 'one'],
    [2, 'two'],
  ] as const)
    expect(await increment(by, id)).toMatchObject({ code: 0 })
  const state = async (...options: string[]) =>
    JSON.parse((await run('state', 'counter-a', '--json', ...options)).stdout).state

  const why = ['--why', 'counted again']
  const ignored = await run('amend', 'ignore', 'one.1', ...why, '--actor', 'ada')
  expect(ignored).toMatchObject({ code: 0, stdout: expect.stringContaining('ignored one.1') })
  expect(await state()).toEqual({ value: 2 })
  expect(await run('amend', 'correct', 'two.1', '{"by":20}', ...why)).toMatchObject({ code: 0 })
  const insert = ['amend', 'insert', 'two.1', '{"by":5}', '--type', 'Incremented', ...why]
  expect(await run(...insert)).toMatchObject({ code: 0 })
  expect(await state()).toEqual({ value: 25 })
  expect(await state('--known', '2')).toEqual({ value: 3 })
  const { stdout } = await run('state', 'counter-a', '--how')
  expect(stdout).toMatch(/ignored by ada: counted again[^]*corrected: counted again[^]*inserted later/)
  expect(await run('amend', 'restore', 'one.1', ...why)).toMatchObject({ code: 0 })
  expect(await state()).toEqual({ value: 26 })

  const plan = await run('revert', 'counter-a', '--to', '1', '--dry-run', '--json')
  expect(JSON.parse(plan.stdout)).toMatchObject({ lacking: [{ type: 'Incremented' }], recorded: [] })
  expect(await run('revert', 'counter-a', '--to', '1', ...why)).toMatchObject({ code: 3 })
  expect(await run('revert', 'counter-a', '--to', '1')).toMatchObject({ code: 2 })
  expect(await run('revert', '--why', 'x')).toMatchObject({ code: 2 })
  expect(await run('revert', '--caused-by', 'none', ...why)).toMatchObject({ code: 5 })

  expect(await run('amend', 'ignore', 'one.1')).toMatchObject({ code: 2 })
  expect(await run('amend', 'forget', 'one.1', ...why)).toMatchObject({ code: 2 })
  expect(await run('amend', 'ignore', 'none.1', ...why)).toMatchObject({ code: 5 })
  expect(await run('amend', 'correct', 'two.1', '{"by":"x"}', ...why)).toMatchObject({ code: 3 })
})
