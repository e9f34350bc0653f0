import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import counter from '../../../examples/counter/counter.ts'
import { counterApp, temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'

vi.setConfig({ testTimeout: 120_000 })

type Run = (...line: string[]) => ReturnType<typeof runHere>

/** A counter that stands at 60, in a file or behind a server. */
async function atSixty(from: 'a database' | 'a server'): Promise<{ folder: string; run: Run }> {
  const folder = await temporaryFolder()
  const db = join(folder, 'counter.db')
  const run: Run = (...line) => runHere([...line, '--app', counterApp, '--db', db])
  expect((await run('send', 'Increment', '{"counterId":"a","by":60}')).code).toBe(0)
  if (from === 'a database') return { folder, run }
  const headwater = await openStore(counter, await sqliteStore({ path: db }))
  const gateway = createGateway(headwater)
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return { folder, run: (...line) => runHere([...line, '--url', url]) }
}

describe.each(['a database', 'a server'] as const)('headwater predict, of %s,', (from) => {
  it('tells what would come of a command, and records nothing', async () => {
    const { run } = await atSixty(from)
    const predicted = await run('predict', 'Increment', '{"counterId":"a","by":30}', '--view', 'totals/a')
    expect(predicted).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Nothing of it was recorded'),
    })
    expect(predicted.stdout).toContain(
      'accepted Increment {"counterId":"a","by":30}: Incremented; counter-a at revision 2',
    )
    expect(predicted.stdout).toMatch(/what would be and main parted after position 1/)
    expect(predicted.stdout).toMatch(/totals a\n +total +60 → 90/)
    expect(predicted.stdout).toMatch(/\ntotals\/a\n\{[^]*"total": 90/)
    const rejected = await run('predict', 'Increment', '{"counterId":"a","by":50}')
    expect(rejected).toMatchObject({ code: 0, stdout: expect.stringContaining('rejected Increment') })
    expect((await run('read', '--all', '--json')).stdout.trim().split('\n')).toHaveLength(1)
    expect((await run('branch', 'list', '--json')).stdout).toBe('')
  })

  it('takes many of a file, each at its time, and begins where it is told', async () => {
    const { folder, run } = await atSixty(from)
    const file = join(folder, 'january.jsonl')
    const commands = [
      { type: 'Increment', data: { counterId: 'a', by: 30 }, at: '2050-01-01T00:00:00Z', id: 'p-1' },
      { type: 'Increment', data: { counterId: 'a', by: 30 }, expectedRevision: 2 },
    ]
    await writeFile(file, commands.map((one) => JSON.stringify(one)).join('\n'))
    const line = ['predict', '--commands', file, '--until', '2050-02-01', '--state', 'counter-a', '--json']
    const { stdout } = await run(...line)
    expect(JSON.parse(stdout)).toMatchObject({
      outcomes: [
        { status: 'accepted', commandId: 'p-1' },
        { status: 'rejected', reason: { code: 'too-high' } },
      ],
      now: expect.stringMatching(/^2050-02-01/),
      seen: [{ state: { value: 90 }, revision: 2 }],
    })
    await run('branch', 'create', 'what-if')
    await run('send', 'Increment', '{"counterId":"a","by":10}', '--branch', 'what-if')
    const asked = async (...options: string[]) =>
      JSON.parse((await run('predict', '--view', 'totals/a', '--json', ...options)).stdout).seen[0]
    expect(await asked('--branch', 'what-if')).toMatchObject({ doc: { total: 70 } })
    expect(await asked('--at', '0')).toBeNull()
  })

  it('says what is wrong, and with which command', async () => {
    const { folder, run } = await atSixty(from)
    const file = join(folder, 'wrong.jsonl')
    await writeFile(file, '{"type":"Increment","data":{"counterId":"a","by":"many"}}')
    expect(await run('predict', '--commands', file)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('command.invalid'),
    })
    const usage: readonly (readonly [string, string])[] = [
      ['{"data":{}}', 'needs type, as text'],
      ['{"type":"Increment","by":1}', 'has "by"'],
      ['{"type":"Increment","at":"soon"}', 'no time in ISO 8601'],
      ['{"type":"Increment","expectedRevision":-1}', 'no whole number'],
      ['{"type":"Increment","id":""}', 'empty id'],
    ]
    for (const [text, said] of usage) {
      await writeFile(file, text)
      const { code, stderr } = await run('predict', '--commands', file)
      expect([text, code, stderr]).toEqual([text, 2, expect.stringContaining(said)])
    }
    expect(await run('predict', 'Increment', '--commands', file)).toMatchObject({ code: 2 })
    expect(await run('predict', '--commands', file, '--when', '2050-01-01')).toMatchObject({ code: 2 })
    expect(await run('predict', 'Fly')).toMatchObject({ code: 5 })
  })
})
