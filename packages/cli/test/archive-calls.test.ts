import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  archiveHead,
  archiveOf,
  type ArchiveRecord,
  type JournaledCall,
  memoryStore,
  parseHeadLine,
  recordLine,
  parseRecordLine,
  Restorer,
  type Store,
} from '@headwater/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { storeAt } from '../src/app/open.ts'
import club from './support/club/app.ts'
import { temporaryFolder } from './support/headwater.ts'
import { clubApp, runHere } from './support/in-process.ts'
import { newSchema, server } from './support/postgres.ts'

vi.setConfig({ testTimeout: 120_000 })

const join2 = (folder: string, ...names: string[]) => names.map((name) => join(folder, name))
const run = (db: string, ...line: string[]) => runHere([...line, '--db', db, '--app', clubApp])
const joined = (db: string, id: string, name: string, ...more: string[]) =>
  run(db, 'send', 'Join', JSON.stringify({ memberId: id, name }), '--id', `join-${id}`, ...more)

async function callsIn(store: Store): Promise<readonly Omit<JournaledCall, 'sequence'>[]> {
  const calls = await store.externals.read({ branch: 0, after: 0, limit: 1_000 })
  return calls.map(({ sequence: _sequence, ...call }) => call)
}

async function callsAt(db: string): Promise<readonly Omit<JournaledCall, 'sequence'>[]> {
  const store = await storeAt(db)
  try {
    return await callsIn(store)
  } finally {
    await store.close()
  }
}

/** Of two members and one of acme, each of whom was looked up outside. */
async function filled(db: string): Promise<void> {
  for (const [id, name, ...more] of [
    ['1', 'Ada'],
    ['2', 'Bob ä€𝄞'],
    ['3', 'Cleo', '--tenant', 'acme'],
  ] as const)
    expect(await joined(db, id, name, ...more)).toMatchObject({ code: 0 })
}

const places = [
  ['a SQLite file', async () => join(await temporaryFolder(), 'to.db')],
  ...(server === undefined ? [] : [['PostgreSQL', async () => newSchema()] as const]),
] as const

describe('an archive', () => {
  it.each(
    places,
  )('brings calls to the outside along, to %s and back, with their times', async (_place, make) => {
    const folder = await temporaryFolder()
    const [from = '', back = '', there = '', again = ''] = join2(folder, 'a.db', 'b.db', 'there', 'again')
    const to = await make()
    await filled(from)
    expect(await run(from, 'export', there)).toMatchObject({ code: 0 })
    const made = await run(to, 'import', there, '--json')
    expect(JSON.parse(made.stdout)).toMatchObject({ events: 3, calls: 3, repeated: 0 })
    expect(await run(to, 'import', there, '--verify')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 events, 3 commands and 3 calls to the outside are the same'),
    })
    expect(await callsAt(to)).toEqual(await callsAt(from))
    expect((await run(to, 'external', 'calls', 'register')).stdout).toContain('Join join-2')

    // Once more: nothing is there twice.
    expect(JSON.parse((await run(to, 'import', there, '--json')).stdout)).toMatchObject({ repeated: 9 })
    await run(to, 'export', again)
    await run(back, 'import', again)
    expect(await callsAt(back)).toEqual(await callsAt(from))
  })

  it('is not the same as a log whose outside answered otherwise', async () => {
    const folder = await temporaryFolder()
    const [from = '', to = '', archive = ''] = join2(folder, 'a.db', 'b.db', 'log.archive')
    await filled(from)
    await run(from, 'export', archive)
    await run(to, 'import', archive)
    const store = await storeAt(to)
    const [call] = await store.externals.read({ branch: 0, after: 0, limit: 1 })
    if (call === undefined) throw new Error('There is a call')
    await store.externals.prune({ branch: 0, external: 'register', before: Date.now() + 1, limit: 1 })
    const mismatch = { code: 3, stderr: expect.stringContaining('archive.mismatch') }
    expect(await run(to, 'import', archive, '--verify')).toMatchObject(mismatch)
    await store.externals.keep([{ ...call, answer: '{"name":"Eve"}' }])
    await store.close()
    expect(await run(to, 'import', archive, '--verify')).toMatchObject(mismatch)
    expect(await run(to, 'import', archive)).toMatchObject(mismatch)
  })

  it('of the format before, which has no calls in it, is imported as it was', async () => {
    const folder = await temporaryFolder()
    const [from = '', to = '', archive = '', old = ''] = join2(folder, 'a.db', 'b.db', 'new', 'old')
    await filled(from)
    await run(from, 'export', archive)
    const lines = (await readFile(archive, 'utf8')).trimEnd().split('\n')
    const kept = lines
      .filter((line) => !/^\{"(?:check|end|calls)":/.test(line))
      .map((line) => line.replace('"format":2', '"format":1'))
    expect(parseHeadLine(kept[0] ?? '')).toMatchObject({ position: 3 })
    const text = `${kept.join('\n')}\n`
    await writeFile(old, `${text}{"end":"${createHash('sha256').update(text).digest('hex')}"}\n`)
    expect(JSON.parse((await run(to, 'import', old, '--json')).stdout)).toMatchObject({ events: 3, calls: 0 })
    expect(await run(to, 'import', old, '--verify')).toMatchObject({ code: 0 })
    await writeFile(old, text.replace('"format":1', '"format":3'))
    expect(await run(to, 'import', old)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('The archive is of format 3'),
    })
  })

  it('holds calls whatever came of them, and bytes and null as they are, in memory as well', async () => {
    const [source, target] = [memoryStore(), memoryStore()]
    onTestFinished(() => Promise.all([source.close(), target.close()]).then(() => undefined))
    const caller = { kind: 'command', name: 'Join', id: 'join-1', series: '' } as const
    const call = {
      branch: 0,
      tenant: '',
      caller,
      external: 'register',
      hash: 'h',
      number: 1,
      request: 'null',
    }
    await source.externals.intend(call)
    const settled = { error: null, attempts: 1, status: 'answered' } as const
    await source.externals.settle({ ...call, number: 2 }, { ...settled, answer: 'null' })
    await source.externals.settle({ ...call, number: 3 }, { ...settled, answer: Uint8Array.of(0, 255) })
    const failure = { status: 'failed', answer: null, error: '{"code":"x"}', attempts: 3 } as const
    await source.externals.settle({ ...call, number: 4, request: 'no JSON' }, failure)

    const records: ArchiveRecord[] = []
    for await (const record of archiveOf(source, await archiveHead(source)))
      records.push(parseRecordLine(recordLine(record)))
    const restorer = new Restorer({ target, app: club })
    for (const record of records) if (record.kind === 'calls') await restorer.keep(record.calls)
    expect(restorer.tally).toMatchObject({ calls: 4, repeated: 0 })
    expect(await callsIn(target)).toEqual(await callsIn(source))
  })
})
