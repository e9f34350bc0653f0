import { join } from 'node:path'
import { createClient, HeadwaterProblem } from '@headwater/client'
import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import counter from '../../../examples/counter/counter.ts'
import { counterApp, temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'

vi.setConfig({ testTimeout: 120_000 })

type Run = (...line: string[]) => ReturnType<typeof runHere>

/** A counter to which 60 and 30 were added, and on a branch the 60 were never so; 20 more were too much on main. */
async function withoutSixty(from: 'a database' | 'a server'): Promise<{ url: string; run: Run }> {
  const db = join(await temporaryFolder(), 'counter.db')
  const local: Run = (...line) => runHere([...line, '--app', counterApp, '--db', db])
  for (const [by, id] of [
    [60, 'sixty'],
    [30, 'thirty'],
    [20, 'twenty'],
  ] as const)
    await local('send', 'Increment', `{"counterId":"a","by":${by}}`, '--id', id)
  await local('branch', 'create', 'what-if')
  const ignored = await local('amend', 'ignore', 'sixty.1', '--why', 'never so', '--branch', 'what-if')
  expect(ignored).toMatchObject({ code: 0 })
  if (from === 'a database') return { url: '', run: local }
  const headwater = await openStore(counter, await sqliteStore({ path: db }))
  const gateway = createGateway(headwater)
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return { url, run: (...line) => runHere([...line, '--url', url]) }
}

const twentyNow = {
  id: 'twenty',
  type: 'Increment',
  stream: 'counter-a',
  before: { status: 'rejected', reason: { code: 'too-high' } },
  after: { status: 'accepted' },
  because: { kind: 'state', stream: 'counter-a' },
}

describe.each(['a database', 'a server'] as const)('headwater branch replay, of %s,', (from) => {
  it('decides again what went by what is omitted, tells why, and does it once', async () => {
    const { run } = await withoutSixty(from)
    const value = async (...options: string[]) =>
      JSON.parse((await run('state', 'counter-a', '--json', ...options)).stdout).state.value
    expect(await value('--branch', 'what-if')).toBe(30)
    const replayed = await run('branch', 'replay', 'what-if')
    expect(replayed).toMatchObject({ code: 0 })
    expect(replayed.stdout).toMatch(
      /commands looked at from position 1 on, .* 0 events omitted, .* 1 inserted/,
    )
    expect(replayed.stdout).toMatch(/Increment +counter-a +rejected: too-high.* +accepted +counter-a/)
    expect(replayed.stdout).toMatch(/what-if ends at position \d+; totals show it/)
    expect([await value('--branch', 'what-if'), await value()]).toEqual([50, 90])
    const again = JSON.parse((await run('branch', 'replay', 'what-if', '--json')).stdout)
    expect(again.decisions.commands.changed).toBe(0)
    expect(await value('--branch', 'what-if')).toBe(50)
  })

  it('prints all of it as JSON, with every command decided again if that is wanted', async () => {
    const { run } = await withoutSixty(from)
    const replay = async (...options: string[]) =>
      JSON.parse((await run('branch', 'replay', 'what-if', '--json', ...options)).stdout)
    const report = await replay()
    expect(report).toMatchObject({ mode: 'decisions', branch: 'what-if', views: ['totals'], notFollowed: [] })
    expect(report.decisions).toMatchObject({ from: 1, events: { inserted: 1 }, outcomes: [twentyNow] })
    expect((await replay('--all')).decisions).toMatchObject({
      from: 1,
      commands: { decided: 3, changed: 0 },
      outcomes: [],
    })
  })

  it('of facts changes nothing; of what is not there, or not so, is refused', async () => {
    const { run } = await withoutSixty(from)
    const facts = await run('branch', 'replay', 'what-if', '--mode', 'facts')
    expect(facts).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^what-if ends at position 3; totals show it/),
    })
    expect(await run('branch', 'replay', 'what-if', '--mode', 'dreams')).toMatchObject({ code: 2 })
    expect(await run('branch', 'replay')).toMatchObject({ code: 2 })
    expect(await run('branch', 'replay', 'none')).toMatchObject({ code: 5 })
    expect(await run('branch', 'create', 'what-if')).toMatchObject({ code: 4 })
    await run('branch', 'create', 'clean')
    expect((await run('branch', 'replay', 'clean')).stdout).toContain(
      'Nothing is amended: every decision stands',
    )
  })
})

it('the client replays', async () => {
  const { url } = await withoutSixty('a server')
  const { branches, on } = createClient({ url })
  const facts = await branches.replay('what-if', { mode: 'facts' })
  expect(facts).toMatchObject({ mode: 'facts', branch: 'what-if', position: 3, decisions: null })
  const late = await branches.replay('what-if', { mode: 'decisions', from: 3 })
  expect(late.decisions).toMatchObject({ from: 3 })
  const { decisions } = await branches.replay('what-if', { mode: 'decisions', all: true })
  expect(decisions?.commands.decided).toBe(3)
  expect((await on('what-if').state('counter-a')).state).toEqual({ value: 50 })
  await expect(branches.replay('none', { mode: 'facts' })).rejects.toThrow(HeadwaterProblem)
  const gone = AbortSignal.abort()
  await expect(branches.replay('what-if', { mode: 'decisions', signal: gone })).rejects.toThrow('aborted')
})
