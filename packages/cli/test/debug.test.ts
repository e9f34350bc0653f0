import { join } from 'node:path'
import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import club from './support/club/app.ts'
import { temporaryFolder } from './support/headwater.ts'
import { clubApp, runHere } from './support/in-process.ts'

type Debug = (input: string, ...line: string[]) => ReturnType<typeof runHere>

/** Two members of the nameless tenant, of whom one is renamed, and one of acme. */
async function filled(from: 'a database' | 'a server', branch?: string): Promise<Debug> {
  const db = join(await temporaryFolder(), 'club.db')
  const on = ['--app', clubApp, '--db', db]
  for (const [stream, name, ...rest] of [
    ['member-1', 'Ada'],
    ['member-2', 'Bob'],
    ['member-9', 'Marker', '--tenant', 'acme'],
    ['member-1', 'Ada King'],
  ] as const) {
    const line = ['append', stream, 'Joined', JSON.stringify({ name }), ...rest, ...on]
    expect(await runHere(line)).toMatchObject({ code: 0 })
  }
  if (branch !== undefined) {
    const here = await openStore(club, await sqliteStore({ path: db }))
    await here.branches.create(branch, { at: 2 })
    await here.branch(branch).executeRaw('Welcome', { memberId: '1', name: 'Ada of the branch' })
    await here.close()
  }
  if (from === 'a database') return (input, ...line) => runHere(['debug', ...line, ...on], { input })
  const headwater = await openStore(club, await sqliteStore({ path: db }))
  const gateway = createGateway(headwater)
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return (input, ...line) => runHere(['debug', ...line, '--url', url], { input })
}

describe.each(['a database', 'a server'] as const)('headwater debug, of %s,', (from) => {
  it('steps through events and back, and prints what each of them changed', async () => {
    const debug = await filled(from)
    const { code, stdout } = await debug('n\nn\np\nn\nn\nn\nq\nn\n')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => line.includes('#')).map((line) => /#(\d+)/.exec(line)?.[1])).toEqual([
      '1',
      '2',
      '1',
      '2',
      '4',
    ])
    expect(lines.slice(1, 5)).toEqual([
      '  member member-1',
      "    name: '' → 'Ada'",
      '  members 1',
      "    null → { name: 'Ada' }",
    ])
    expect(stdout).toContain("    name: 'Ada' → 'Ada King'")
    expect(lines.at(-1)).toBe('There is none; it stays at position 4 of 4.')
  })

  it('runs to a position, a type and a condition, within a stream or a tenant', async () => {
    const debug = await filled(from)
    const places = async (input: string, ...line: string[]) => {
      const { stdout } = await debug(input, '--json', ...line)
      return stdout
        .trimEnd()
        .split('\n')
        .map((line_) => JSON.parse(line_) as { position: number })
    }
    const positions = async (input: string, ...line: string[]) =>
      (await places(input, ...line)).map(({ position }) => position)
    expect(await positions('g 3\nt Joined\nT Joined\nw')).toEqual([2, 4, 2, 2])
    expect(await positions('u name=Ada King\nU name=Bob')).toEqual([4, 2])
    expect(await positions('n\nn', 'member-1')).toEqual([1, 4])
    expect(await positions('n', '--from', '2')).toEqual([4])
    expect(await positions('n\nn', '--tenant', 'acme')).toEqual([3, 3])
    expect(JSON.stringify(await places('n\nn\nn\nn'))).not.toContain('Marker')
  })

  it('goes through a branch', async () => {
    const debug = await filled(from, 'what-if')
    const { code, stdout } = await debug('n\nn\nn\n', '--branch', 'what-if', '--json')
    expect(code).toBe(0)
    const places = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { position: number; head: number })
    expect(places.map(({ position, head }) => [position, head])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
    expect(stdout).toContain('Ada of the branch')
  })

  it('tells its keys to who asks, and what it does not understand', async () => {
    const debug = await filled(from)
    const { stderr } = await debug('?\nx\n')
    expect(stderr.match(/ends it$/gm)).toHaveLength(2)
    expect(await debug('g far')).toMatchObject({ code: 2, stderr: expect.stringContaining('is no position') })
    expect((await debug('g 99')).stderr).toContain('time.not-yet')
    expect(await debug('n', '--correlation', 'nothing')).toMatchObject({ code: 5 })
  })
})
