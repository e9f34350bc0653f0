import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Run, runAt, runOn, type Where } from './support/club-at.ts'
import { temporaryFolder } from './support/headwater.ts'

/** A member who is renamed by an appended event, which occurred a day later; read from the file or over HTTP. */
async function renamed(from: Where): Promise<Run> {
  const db = join(await temporaryFolder(), 'club.db')
  const run = runOn(db)
  for (const [name, day] of [
    ['Ada', '2010-12-01'],
    ['Ada King', '2010-12-03'],
  ] as const) {
    const appended = await run(
      'append',
      'member-1',
      'Joined',
      JSON.stringify({ name }),
      '--occurred-at',
      `${day}T09:00:00Z`,
    )
    expect(appended.code).toBe(0)
  }
  return runAt(from, db)
}

describe.each(['a database', 'a server'] as const)('headwater state, of %s,', (from) => {
  it('prints the state as of a position and as of a time', async () => {
    const run = await renamed(from)
    const stateAt = async (...at: string[]) => {
      const { stdout } = await run('state', 'member-1', '--json', ...at)
      return JSON.parse(stdout)
    }
    const ada = { stream: 'member-1', revision: 1, state: { name: 'Ada' } }
    const king = { stream: 'member-1', revision: 2, state: { name: 'Ada King' } }
    expect(await stateAt()).toEqual(king)
    expect(await stateAt('--at', '1')).toEqual(ada)
    expect(await stateAt('--at', '2')).toEqual(king)
    expect(await stateAt('--at', '2010-12-02')).toEqual(ada)
    // UTC, wherever the machine is.
    expect(await stateAt('--at', '2010-12-03T08:59')).toEqual(ada)
    expect(await stateAt('--at', '2010-12-03T09:00')).toEqual(king)
    expect(await stateAt('--at', '2010-12-03T10:30+02:00')).toEqual(ada)
  })

  it('prints how it got there', async () => {
    const run = await renamed(from)
    const lines = (await run('state', 'member-1', '--how')).stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringContaining('member-1/1'),
      "    name: '' → 'Ada'",
      expect.stringContaining('member-1/2'),
      "    name: 'Ada' → 'Ada King'",
    ])
    const steps = (await run('state', 'member-1', '--how', '--json', '--at', '1')).stdout
      .trimEnd()
      .split('\n')
    expect(steps.map((step) => JSON.parse(step))).toMatchObject([
      { event: { position: 1 }, changed: [{ path: 'name' }], state: { name: 'Ada' } },
    ])
  })

  it('says what is not there yet, and what is no moment', async () => {
    const run = await renamed(from)
    expect(await run('state', 'member-1', '--at', '3')).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('time.not-yet'),
    })
    expect(await run('state', 'member-1', '--at', '2010-11-01')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('stream.not-found'),
    })
    expect(await run('state', 'member-1', '--at', 'lately')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Give a position of the log, or an ISO 8601 time'),
    })
  })
})
