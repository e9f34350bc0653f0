import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  counterApp,
  headwater,
  shopApp,
  startHeadwater,
  temporaryFolder,
  until,
} from './support/headwater.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

describe('headwater', () => {
  it('says what it can do, examples first', async () => {
    const folder = await temporaryFolder()
    const [all, one] = await Promise.all([
      headwater(['--help'], folder),
      headwater(['read', '--help'], folder),
    ])
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(all.stdout).toMatch(/Examples[\s\S]+import[\s\S]+Exit codes/)
    expect(one.stdout).toMatch(/^Print events.*\n\nExamples\n[\s\S]+Usage\n[\s\S]+--after <n>/)
  })

  it('refuses what it does not know, with a hint and exit code 2', async () => {
    const folder = await temporaryFolder()
    const [unknownCommand, unknownOption, nothing] = await Promise.all([
      headwater(['raed'], folder),
      headwater(['read', '--afer', '3'], folder),
      headwater([], folder),
    ])
    expect(unknownCommand).toMatchObject({ code: 2, stdout: '' })
    expect(unknownCommand.stderr).toContain('Did you mean headwater read?')
    expect(unknownOption).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --after?') })
    expect(nothing).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('headwater <command> --help'),
    })
  })

  it('makes no database where it only looks', async () => {
    const folder = await temporaryFolder()
    const ended = await headwater(['read', '--db', 'typo.db'], folder)
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('cli.database-not-found') })
    await expect(readFile(join(folder, 'typo.db'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('an app on the command line', () => {
  it('takes commands, and shows their events, state and views', async () => {
    const folder = await temporaryFolder()
    const on = ['--app', counterApp, '--db', 'counter.db']
    const accepted = await headwater(
      ['send', 'Increment', '-', '--id', 'c1', ...on, '--json'],
      folder,
      '{"counterId":"a","by":41}',
    )
    expect(JSON.parse(accepted.stdout)).toMatchObject({
      status: 'accepted',
      stream: 'counter-a',
      position: 1,
    })
    const rejected = await headwater(['send', 'Increment', '{"counterId":"a","by":60}', ...on], folder)
    expect(rejected).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('too-high: 41 + 60 is more than 100'),
    })
    const invalid = await headwater(['send', 'Increment', '{"by":"x"}', ...on], folder)
    expect(invalid).toMatchObject({ code: 3, stderr: expect.stringMatching(/counterId: .+\n.+by: /) })

    const appended = await headwater(
      ['append', 'counter-a', 'Incremented', '{"by":1}', '--expected', '1', ...on],
      folder,
    )
    expect(appended).toMatchObject({
      code: 0,
      stdout: 'recorded Incremented #2; counter-a is at revision 2\n',
    })
    const conflict = await headwater(
      ['append', 'counter-a', 'Incremented', '{"by":1}', '--expected', '1', ...on],
      folder,
    )
    expect(conflict).toMatchObject({ code: 4, stderr: expect.stringContaining('log.conflict') })

    const [events, state, view, views] = await Promise.all([
      headwater(['read', 'counter-a', '--db', 'counter.db', '--json'], folder),
      headwater(['state', 'counter-a', ...on, '--json'], folder),
      headwater(['view', 'show', 'totals', ...on], folder),
      headwater(['view', 'list', ...on, '--json'], folder),
    ])
    expect(
      events.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: 'c1.1', type: 'Incremented', data: { by: 41 }, position: 1 },
      { type: 'Incremented', data: { by: 1 }, position: 2, revision: 2 },
    ])
    expect(JSON.parse(state.stdout)).toEqual({ stream: 'counter-a', revision: 2, state: { value: 42 } })
    expect(view.stdout).toBe('key  total  times\na       42      2\n')
    expect(JSON.parse(views.stdout)).toMatchObject({
      views: [{ name: 'totals', position: 2, lag: { events: 0 } }],
    })
  })

  it('is followed while another process records', async () => {
    const folder = await temporaryFolder()
    const on = ['--app', counterApp, '--db', 'counter.db']
    await headwater(['send', 'Increment', '{"counterId":"a"}', ...on], folder)
    const following = startHeadwater(['tail', '--db', 'counter.db', '--limit', '1', '--json'], folder)
    await until(following, () => (following.messages().includes('Following') ? true : undefined))
    await headwater(['send', 'Increment', '{"counterId":"b"}', ...on], folder)
    const { code, stdout } = await following.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ stream: 'counter-b', position: 2 })
  })

  it('is exported, and recorded again with the same ids, times and causes', async () => {
    const folder = await temporaryFolder()
    const a = ['--app', counterApp, '--db', 'a.db']
    const b = ['--app', counterApp, '--db', 'b.db']
    for (const counterId of ['x', 'y', 'x'])
      await headwater(['send', 'Increment', JSON.stringify({ counterId }), ...a], folder)
    const exported = await headwater(['export', '--db', 'a.db'], folder)
    const first = await headwater(['import', '-', ...b, '--json'], folder, exported.stdout)
    const second = await headwater(['import', '-', ...b, '--json'], folder, exported.stdout)
    expect(JSON.parse(first.stdout)).toMatchObject({ events: 3, repeated: 0, refused: 0 })
    expect(JSON.parse(second.stdout)).toMatchObject({ events: 3, repeated: 3, refused: 0 })
    const copy = await headwater(['export', '--db', 'b.db'], folder)
    const withoutRecording = (lines: string) => lines.replace(/"recordedAt":"[^"]+"/g, '')
    expect(withoutRecording(copy.stdout)).toBe(withoutRecording(exported.stdout))
  })

  it('is found sound by the doctor', async () => {
    const folder = await temporaryFolder()
    const on = ['--app', shopApp, '--db', 'shop.db']
    await headwater(['send', 'CancelOrder', '{"orderId":"1","reason":"none"}', ...on], folder)
    const { code, stdout } = await headwater(['doctor', ...on, '--json'], folder)
    expect(code).toBe(0)
    const { ok, findings } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(findings.map(({ subject }: { subject: string }) => subject)).toEqual(
      expect.arrayContaining(['Node.js', 'Disk', 'App', 'Database', 'SQLite', 'Log', 'View', 'Subscription']),
    )
  })

  it('may be named, with its database, by headwater.config.ts', async () => {
    const folder = await temporaryFolder()
    await writeFile(
      join(folder, 'headwater.config.ts'),
      `export default { app: ${JSON.stringify(counterApp)}, db: 'own.db' }\n`,
    )
    await headwater(['send', 'Increment', '{"counterId":"a"}'], folder)
    const { stdout } = await headwater(['read', '--db', 'own.db'], folder)
    expect(stdout).toContain('counter-a/1')
    await writeFile(join(folder, 'headwater.config.ts'), 'export default { prot: 1 }\n')
    const wrong = await headwater(['read'], folder)
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('it sets "prot"') })
  })
})
