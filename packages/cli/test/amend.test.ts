import { writeFile } from 'node:fs/promises'
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

it('many edits of a file are applied at once, on a branch, and what is merged shows', async () => {
  const folder = await temporaryFolder()
  const run = (...line: string[]) =>
    runHere([...line, '--app', counterApp, '--db', join(folder, 'counter.db')])
  for (const id of ['one', 'two', 'three'])
    await run('send', 'Increment', '{"counterId":"a","by":2}', '--id', id)
  const total = async (...options: string[]) => {
    const { stdout } = await run('view', 'get', 'totals', 'a', '--json', ...options)
    return JSON.parse(stdout).doc.total
  }
  expect(await total()).toBe(6)

  const edits = join(folder, 'edits.jsonl')
  await writeFile(
    edits,
    [
      '{"omit":"one.1"}',
      '{"replace":{"event":"two.1","data":{"by":20}}}',
      '',
      '{"insert":{"after":"three.1","type":"Incremented","data":{"by":5},"occurredAt":"2020-01-01T00:00:00Z"}}',
      '{"insert":{"stream":"counter-a","type":"Incremented","data":{"by":7}}}',
    ].join('\n'),
  )
  const why = ['--why', 'counted again', '--actor', 'ada']
  expect(await run('amend', 'apply', edits, ...why)).toMatchObject({ code: 0 })
  expect(await total()).toBe(34)
  expect(await total('--known', '3')).toBe(6)
  expect(await total('--at', '100', '--known', '3')).toBe(6)
  expect(await run('view', 'show', 'totals', '--known', '3', '--at', '2020-01-01')).toMatchObject({ code: 2 })

  await run('branch', 'create', 'recount')
  expect(await run('amend', 'restore', 'one.1', ...why, '--branch', 'recount')).toMatchObject({ code: 0 })
  const state = await run('state', 'counter-a', '--json', '--branch', 'recount')
  expect(JSON.parse(state.stdout).state).toEqual({ value: 36 })
  const refused = await run('revert', 'counter-a', '--to', '1', ...why, '--branch', 'recount')
  expect(refused).toMatchObject({ code: 3 })
  const diff = async (view: string) =>
    JSON.parse((await run('branch', 'diff', 'recount', '--view', view, '--json')).stdout).documents
  expect(await diff('totals')).toMatchObject([{ view: 'totals', key: 'a' }])
  expect(await run('branch', 'diff', 'recount', '--view', 'none')).toMatchObject({ code: 5 })
  expect(await total()).toBe(34)
  await run('branch', 'merge', 'recount', '--why', 'so it was')
  expect(await total()).toBe(36)
})

it('an edit that is none is told with its line, and nothing is recorded', async () => {
  const folder = await temporaryFolder()
  const db = ['--app', counterApp, '--db', join(folder, 'counter.db')]
  await runHere(['send', 'Increment', '{"counterId":"a"}', '--id', 'one', ...db])
  const apply = (input: string, file = '-') =>
    runHere(['amend', 'apply', file, '--why', 'x', ...db], { input })
  const wrong: readonly (readonly [string, string])[] = [
    ['', 'holds no edit'],
    ['{"omit":"one.1"}\nnonsense', 'The edit of line 2 is no JSON'],
    ['[]', 'is no object'],
    ['{"omit":"one.1","restore":"one.1"}', 'is not one of'],
    ['{"forget":"one.1"}', 'is not one of'],
    ['{"omit":1}', 'needs omit, as text'],
    ['{"replace":{"event":"one.1"}}', 'has no data'],
    ['{"replace":{"event":"one.1","data":{},"by":1}}', 'has "by"'],
    ['{"replace":{"event":"one.1","data":{},"version":1.5}}', 'no whole number'],
    ['{"insert":{"type":"Incremented","data":{}}}', 'either the event'],
    ['{"insert":{"after":"one.1","type":"Incremented","data":{},"occurredAt":"soon"}}', 'no time'],
  ]
  for (const [input, said] of wrong)
    expect([input, await apply(input)]).toEqual([
      input,
      { code: 2, stdout: '', stderr: expect.stringContaining(said) },
    ])
  expect(await apply('', join(folder, 'none.jsonl'))).toMatchObject({ code: 5 })
  const { stdout } = await runHere(['read', '--json', ...db])
  expect(stdout.trim().split('\n')).toHaveLength(1)
})
