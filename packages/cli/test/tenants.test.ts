import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGateway } from '@headwater/gateway'
import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { allCommands } from '../src/command/registry.ts'
import club from './support/club/app.ts'
import { temporaryFolder } from './support/headwater.ts'
import { clubApp, runHere } from './support/in-process.ts'

// Each command opens a database, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

/** Commands about this machine, the app or the whole database, which are the same for every tenant. */
const aboutAll = [
  'bench',
  'catalog',
  'completion',
  'dev',
  'doctor',
  'draw',
  'migrate',
  'new',
  'rule',
  'segment',
  'serve',
]

/** What only acme's data has. */
const marker = 'Marker'
const theirs = /Marker|member-1/

type Lines = readonly (readonly string[])[]

/** What each command that is of a tenant is tried with: all that names something of acme. */
const attempts: Readonly<Record<string, { readonly looks?: Lines; readonly writes?: Lines }>> = {
  amend: { writes: [['amend', 'ignore', 'join-1.1', '--why', 'x']] },
  append: { writes: [['append', 'member-1', 'Joined', '{"name":"x"}', '--expected', '1', '--id', 'join-1']] },
  branch: {
    looks: [
      ['branch', 'list'],
      ['branch', 'show', 'Marker'],
      ['branch', 'diff', 'Marker'],
      ['branch', 'merge', 'Marker', '--dry-run'],
    ],
    writes: [
      ['branch', 'merge', 'Marker', '--why', 'so'],
      ['branch', 'drop', 'Marker'],
    ],
  },
  // It reads what to do from its input; tried in debug.test.ts.
  debug: {},
  export: { looks: [['export'], ['export', '--after', '0', '--types', 'Joined']] },
  external: {
    looks: [
      ['external', 'calls', 'register'],
      ['external', 'calls', 'register', '--json', '--caller', 'join-1'],
    ],
  },
  // Members have no numbers: tried in forecast.test.ts.
  forecast: {},
  import: { writes: [['import', '-']] },
  query: {
    looks: [
      ['query', 'FindMembers', '--start-of-name', 'mark'],
      ['query', 'FindMembers', '--start-of-name', 'mark', '--at', '3'],
    ],
  },
  read: {
    looks: [
      ['read', '--all'],
      ['read', 'member-1'],
      ['read', '--json'],
    ],
  },
  revert: { writes: [['revert', '--caused-by', 'join-1', '--why', 'x']] },
  search: {
    looks: [
      ['search', marker],
      ['search', '--stream', 'member-1'],
      ['search', '--where', 'name!=x'],
    ],
  },
  send: {
    writes: [['send', 'Join', '{"memberId":"1","name":"x"}', '--expected-revision', '1', '--id', 'join-1']],
  },
  snapshot: {
    looks: [
      ['snapshot', 'list'],
      ['snapshot', 'list', '--json'],
    ],
    writes: [['snapshot', 'drop']],
  },
  state: {
    looks: [
      ['state', 'member-1'],
      ['state', 'member-1', '--how', '--at', '1'],
    ],
  },
  tail: { looks: [['tail', '--after', '0', '--limit', '1']] },
  trace: {
    looks: [
      ['trace', 'join-1'],
      ['trace', 'join-1.1', '--data'],
    ],
  },
  predict: {
    looks: [
      ['predict', '--view', 'members'],
      ['predict', '--view', 'members/1', '--json'],
    ],
  },
  // Nothing of acme's is parked here: what these show of whom is tried in operate.test.ts.
  parked: {},
  processor: {},
  view: {
    looks: [
      ['view', 'show', 'members'],
      ['view', 'get', 'members', '1'],
      ['view', 'show', 'members', '--search', 'marker'],
      ['view', 'show', 'members', '--all', '--json'],
      ['view', 'get', 'members', '1', '--at', '2'],
      ['view', 'show', 'members', '--at', '2'],
    ],
  },
}

/** A database in which acme has a member, and globex another, of other ids. */
async function filled(): Promise<{ folder: string; run: (...line: string[]) => ReturnType<typeof runHere> }> {
  const folder = await temporaryFolder()
  const run = (...line: string[]) => runHere([...line, '--app', clubApp, '--db', join(folder, 'club.db')])
  const join1 = ['send', 'Join', `{"memberId":"1","name":"${marker}"}`, '--id', 'join-1']
  expect(await run(...join1, '--tenant', 'acme')).toMatchObject({ code: 0 })
  expect(await run('send', 'Join', '{"memberId":"2","name":"Bob"}', '--tenant', 'globex')).toMatchObject({
    code: 0,
  })
  expect(await run('send', 'Join', '{"memberId":"3","name":"Cleo"}')).toMatchObject({ code: 0 })
  expect(await run('snapshot', 'take', '--all-tenants')).toMatchObject({ code: 0 })
  expect(await run('branch', 'create', marker, '--tenant', 'acme')).toMatchObject({ code: 0 })
  return { folder, run }
}

/** What an error says names what was asked for, which is no secret to who asked. */
function withoutErrors(stdout: string, stderr: string): string {
  return `${stdout}${stderr}`.replace(/^error.*/gm, '')
}

it('every command is about a tenant, or about all of them', async () => {
  const commands = (await allCommands()).flatMap((group) => group.commands)
  const ofTenants = commands.filter(({ options }) => 'tenant' in options).map(({ name }) => name)
  // A new one has to say above what it is tried with.
  expect(ofTenants.sort()).toEqual(Object.keys(attempts).sort())
  const others = commands.filter(({ options }) => !('tenant' in options)).map(({ name }) => name)
  expect(others.sort()).toEqual(aboutAll)
})

describe('on the command line', () => {
  it('nothing that looks shows what is another tenant’s', async () => {
    const { run } = await filled()
    for (const line of Object.values(attempts).flatMap(({ looks = [] }) => looks)) {
      const own = await run(...line, '--tenant', 'acme')
      expect([line, own.code]).toEqual([line, 0])
      expect(own.stdout).toMatch(/Marker|Joined|join-1|member-1/)
      for (const scope of [[], ['--tenant', 'globex'], ['--tenant', 'nobody']]) {
        if (line[0] === 'tail' && scope[1] === 'nobody') continue
        const { stdout, stderr } = await run(...line, ...scope)
        expect([line, scope, theirs.test(withoutErrors(stdout, stderr))]).toEqual([line, scope, false])
      }
    }
  })

  it('nothing that records touches what is another tenant’s, or meets it', async () => {
    const { run } = await filled()
    const before = await run('export', '--tenant', 'acme')
    // Globex has no such stream and no such command id: what is refused is the expectation.
    const [append = []] = attempts['append']?.writes ?? []
    const [amend = []] = attempts['amend']?.writes ?? []
    const [revert = []] = attempts['revert']?.writes ?? []
    for (const line of [amend, revert])
      expect(await run(...line, '--tenant', 'globex')).toMatchObject({ code: 5, stdout: '' })
    const [send = []] = attempts['send']?.writes ?? []
    for (const line of [append, send])
      expect(await run(...line, '--tenant', 'globex')).toMatchObject({ code: 4, stdout: '' })
    expect(await run('send', 'Join', '{"memberId":"1","name":"x"}', '--id', 'join-1')).toMatchObject({
      code: 0,
    })
    expect(
      await run('append', 'member-1', 'Joined', '{"name":"y"}', '--expected', 'none', '--tenant', 'globex'),
    ).toMatchObject({ code: 0 })
    expect(await run('snapshot', 'drop', '--tenant', 'globex')).toMatchObject({ code: 0 })
    expect(await run('snapshot', 'drop')).toMatchObject({ code: 0 })
    expect((await run('snapshot', 'list', '--tenant', 'acme')).stdout).toContain('member-1')
    expect((await run('branch', 'drop', marker, '--tenant', 'globex')).code).not.toBe(0)
    expect((await run('branch', 'list', '--tenant', 'acme')).stdout).toContain(marker)
    expect((await run('export', '--tenant', 'acme')).stdout).toBe(before.stdout)
  })

  it('all tenants are read where that is said, each event with its own', async () => {
    const { run } = await filled()
    const exported = (await run('export', '--all-tenants')).stdout.trim().split('\n')
    const tenants = exported.map((line) => JSON.parse(line).tenant)
    expect(tenants).toEqual(['acme', 'globex', ''])
    expect((await run('read', '--all-tenants')).stdout).toMatch(
      /acme .*member-1[^]*globex .*member-2[^]*\(no tenant\) .*member-3/,
    )
    expect((await run('search', marker, '--all-tenants')).stdout).toMatch(/acme .*member-1/)
    expect((await run('tail', '--after', '0', '--limit', '3', '--all-tenants', '--json')).stdout).toContain(
      '"tenant":"globex"',
    )
    expect(await run('read', '--all-tenants', '--tenant', 'acme')).toMatchObject({ code: 2 })
    expect(await run('read', 'member-1', '--all-tenants')).toMatchObject({ code: 2 })
  })

  it('a log is copied with its tenants, and never into another one by mistake', async () => {
    const { folder, run } = await filled()
    const { stdout } = await run('export', '--all-tenants')
    const file = join(folder, 'all.jsonl')
    await writeFile(file, stdout)
    const onCopy = (...line: string[]) =>
      runHere([...line, '--app', clubApp, '--db', join(folder, 'copy.db')])
    const refused = await onCopy('import', file, '--tenant', 'globex')
    expect(refused).toMatchObject({ code: 3 })
    expect(refused.stderr).toContain('it is of tenant acme: import it with --all-tenants')
    expect((await onCopy('read', '--all-tenants', '--json')).stdout.trim().split('\n')).toHaveLength(1)
    expect(await onCopy('import', file, '--all-tenants')).toMatchObject({ code: 0 })
    const copied = (await onCopy('export', '--all-tenants')).stdout.trim().split('\n')
    const summary = (line: string): unknown => {
      const { tenant, stream, data, id } = JSON.parse(line)
      return { tenant, stream, data, id }
    }
    const byStream = (one: string, other: string): number =>
      JSON.parse(one).stream < JSON.parse(other).stream ? -1 : 1
    expect(copied.toSorted(byStream).map(summary)).toEqual(stdout.trim().split('\n').map(summary))
  })

  it('a server is asked on behalf of the tenant that is named', async () => {
    const { folder } = await filled()
    const headwater = await openStore(club, await sqliteStore({ path: join(folder, 'club.db') }))
    const gateway = createGateway(headwater)
    const { url } = await gateway.listen()
    onTestFinished(async () => {
      await gateway.close()
      await headwater.close()
    })
    const remote = Object.values(attempts)
      .flatMap(({ looks = [] }) => looks)
      .filter(([name]) => name !== 'snapshot')
    for (const line of remote) {
      const own = await runHere([...line, '--url', url, '--tenant', 'acme'])
      expect([line, own.code, own.stderr]).toMatchObject([line, 0, expect.any(String)])
      const { stdout, stderr } = await runHere([...line, '--url', url, '--tenant', 'globex'])
      expect([line, theirs.test(withoutErrors(stdout, stderr))]).toEqual([line, false])
    }
    const all = await runHere(['export', '--url', url, '--all-tenants'])
    expect(
      all.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).tenant),
    ).toEqual(['acme', 'globex', ''])
  })

  it.each(['a b', '', '-x', '*'])('%j is no name of a tenant', async (name) => {
    const refused = await runHere(['read', '--tenant', name, '--db', 'nowhere.db'])
    expect(refused.code).not.toBe(0)
  })
})
