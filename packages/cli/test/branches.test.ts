import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Run, runAt, runOn, type Where } from './support/club-at.ts'
import { temporaryFolder } from './support/headwater.ts'

/** A club with one member, in a file or behind a server. */
async function withMember(from: Where): Promise<Run> {
  const db = join(await temporaryFolder(), 'club.db')
  const run = runOn(db)
  expect((await run('send', 'Join', '{"memberId":"1","name":"Ada"}')).code).toBe(0)
  return runAt(from, db)
}

describe.each(['a database', 'a server'] as const)('headwater branch, of %s,', (from) => {
  it('begins a branch, on which commands are sent and everything is read, and forgets it', async () => {
    const run = await withMember(from)
    expect((await run('branch', 'create', 'what-if')).stdout).toContain(
      'what-if begins after position 1 of main',
    )
    const on = ['--branch', 'what-if']
    const bob = '{"memberId":"2","name":"Bob"}'
    expect((await run('send', 'Join', bob, ...on)).stderr).toContain('external.blocked: register')
    expect(await run('send', 'Welcome', bob, ...on)).toMatchObject({ code: 0 })
    for (const line of [
      ['read', '--all'],
      ['read', 'member-2'],
      ['state', 'member-2'],
      ['search', 'Bob'],
      ['view', 'show', 'members'],
      ['view', 'get', 'members', '2'],
      ['query', 'FindMembers', '--start-of-name', 'bo'],
    ]) {
      const [there, here] = [await run(...line, ...on), await run(...line)]
      expect([line, there.code, /Bob/.test(there.stdout)]).toEqual([line, 0, true])
      expect([line, /Bob/.test(here.stdout)]).toEqual([line, false])
    }
    expect(await run('branch', 'create', 'deeper', '--from', 'what-if', '--at', '0')).toMatchObject({
      code: 0,
    })
    const list = (await run('branch', 'list', '--json')).stdout.trim().split('\n')
    expect(list.map((line) => JSON.parse(line))).toMatchObject([
      { name: 'deeper', from: 'main', base: 0, head: 0 },
      { name: 'what-if', from: 'main', base: 1, head: 2 },
    ])
    expect((await run('branch', 'list')).stdout).toMatch(/what-if +main +1 +1/)
    expect((await run('branch', 'move', 'what-if', '--to', '2050-01-01T00:00:00Z')).stdout).toContain(
      '2050-01-01',
    )
    expect(await run('branch', 'drop', 'what-if')).toMatchObject({ code: 0 })
    expect((await run('branch', 'show', 'what-if')).stderr).toContain('branch.unknown')
    expect((await run('read', '--all', ...on)).stderr).toContain('branch.unknown')
  })

  it('compares, shows both sides of conflicts, and merges', async () => {
    const run = await withMember(from)
    const on = ['--branch', 'what-if']
    const rename = (name: string, id: string, ...more: readonly string[]) =>
      run('send', 'Welcome', JSON.stringify({ memberId: '1', name }), '--id', id, ...more)
    await run('branch', 'create', 'what-if')
    expect((await run('branch', 'diff', 'what-if')).stdout).toContain('nothing differs')
    await rename('Grace', 'w-1', ...on)
    const { stdout } = await run('branch', 'diff', 'what-if')
    expect(stdout).toContain(
      'parted after position 1; what differs: 1 command, 1 event of 1 stream, 1 document',
    )
    expect(stdout).toMatch(/Welcome w-1 .*\n +main +was never sent\n +what-if +accepted: Joined/)
    expect(stdout).toMatch(/member-1\n +\+ #2 Joined \{"name":"Grace"\}\n +name +"Ada" → "Grace"/)
    expect(stdout).toMatch(/members 1\n +name +"Ada" → "Grace"/)
    const diff = JSON.parse((await run('branch', 'diff', 'what-if', '--against', 'main', '--json')).stdout)
    expect(diff).toMatchObject({ documents: [{ view: 'members', against: { name: 'Ada' } }], isWhole: true })

    expect(await run('branch', 'merge', 'what-if', '--dry-run')).toMatchObject({ code: 0 })
    await rename('Lin', 'w-2')
    const merge = (...more: readonly string[]) => run('branch', 'merge', 'what-if', '--why', 'so', ...more)
    const stuck = await merge()
    expect(stuck.code).toBe(4)
    expect(stuck.stdout).toMatch(
      /Conflict: member-1 moved on both sides\n +what-if +#2 Joined \{"name":"Grace"\}.*\n +main +#2 Joined \{"name":"Lin"\}/,
    )
    expect(stuck.stdout).toContain('--resolve member-1=mine')
    expect(JSON.parse((await merge('--json', '--dry-run')).stdout)).toMatchObject({
      conflicts: [{ stream: 'member-1', theirs: [{ id: 'w-2.1' }] }],
    })
    expect((await merge('--only', 'w-9')).code).toBe(5)
    expect(await merge('--resolve', 'member-1=mine', '--only', 'w-1')).toMatchObject({ code: 0 })
    expect((await run('state', 'member-1')).stdout).toContain('Grace')
    expect((await merge()).stdout).toContain('main has all of what-if already')
  })

  it.each([
    [['branch', 'frob'], 'There is no action frob'],
    [['branch', 'create'], 'needs a name'],
    [['branch', 'move', 'x'], 'needs --to'],
    [['branch', 'merge', 'x'], 'needs --why'],
    [['branch', 'merge', 'x', '--why', 'so', '--resolve', 'a=ours'], '--resolve is "a=ours"'],
    [
      ['branch', 'merge', 'x', '--why', 'so', '--resolve', 'mine', '--resolve', 'a=mine'],
      'for all and by stream',
    ],
    [['branch', 'merge', 'x', '--dry-run'], 'branch.unknown'],
    [['branch', 'diff', 'x'], 'branch.unknown'],
    [['branch', 'create', 'a b'], 'branch.invalid'],
    [['branch', 'create', 'x', '--at', '99'], 'time.not-yet'],
    [['view', 'versions', 'members', '--branch', 'x'], '--branch is for documents'],
  ])('says what is wrong with %j', async (line, message) => {
    const { code, stderr } = await (await withMember(from))(...line)
    expect(code).not.toBe(0)
    expect(stderr).toContain(message)
  })
})
