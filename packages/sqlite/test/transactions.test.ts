import { type AppendRequest, type AppendResult, mainBranch } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { connectWriter, type Database, loadDriver } from '../src/database.ts'
import { prepareSchema } from '../src/schema.ts'
import { Engine } from '../src/write/engine.ts'
import type { Call } from '../src/write/operations.ts'
import { anEvent, aRequest, append, newPath, openStore, readAll, statuses, to } from './support.ts'

async function newEngine(): Promise<{ engine: Engine; database: Database }> {
  const database = connectWriter(await loadDriver(), newPath())
  prepareSchema(database)
  return { engine: new Engine(database), database }
}

const count = (database: Database, table: string) =>
  database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()

const acquire = (owner: string): Call => ({ name: 'acquireLease', args: ['work', owner, 60_000] })
const appendOf = (...requests: ReturnType<typeof aRequest>[]): Call => ({ name: 'append', args: [requests] })

describe('calls that share a transaction', () => {
  it('fail alone', async () => {
    const { engine, database } = await newEngine()
    const fenced: Call = {
      name: 'commitProgress',
      args: [
        {
          processor: 'p',
          branch: mainBranch,
          lease: { name: 'work', owner: 'nobody', token: 9 },
          checkpoint: { epoch: 'e', position: 1, eventId: null },
          documents: [],
          park: [],
          unpark: [],
        },
      ],
    }
    engine.begin()
    const settled = engine.finish([acquire('me'), fenced, appendOf(aRequest([to('a-1')]))])
    expect(settled).toMatchObject([
      { value: { token: 1 } },
      { error: { code: 'processor.fenced' } },
      { value: [{ status: 'appended', position: 1 }] },
    ])
    expect([count(database, 'partitions'), count(database, 'leases'), count(database, 'events')]).toEqual([
      0, 1, 1,
    ])
  })

  it('are all undone where the disk is full, and the next ones find everything as it was', async () => {
    const { engine, database } = await newEngine()
    engine.begin()
    engine.finish([appendOf(aRequest([to('a-1')]))])
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages + 5}`)
    const large = anEvent({ type: 'Large', data: JSON.stringify('x'.repeat(100_000)) })
    engine.begin()
    const settled = engine.finish([
      acquire('me'),
      appendOf(aRequest([to('b-1')]), aRequest([to('c-1', [large])])),
    ])
    expect(settled).toMatchObject([{ error: { code: 'SQLITE_FULL' } }, { error: { code: 'SQLITE_FULL' } }])
    expect(database.inTransaction).toBe(false)
    database.pragma('max_page_count = 1000000')
    engine.begin()
    expect(engine.finish([appendOf(aRequest([to('c-1', [large])]))])).toMatchObject([
      { value: [{ status: 'appended', position: 2, revisions: [1] }] },
    ])
    expect(database.prepare('SELECT type FROM type_ranges ORDER BY type').pluck().all()).toEqual([
      'Happened',
      'Large',
    ])
    expect(count(database, 'leases')).toBe(0)
  })
})

const tagged = anEvent({ tags: ['kept:1', 'own:2'] })
const document = { collection: 'things', tenant: '', branch: 0, document: '{}', position: undefined }

it.each<[string, AppendResult['status'], Partial<AppendRequest>]>([
  [
    'its second stream',
    'conflict',
    { streams: [to('fresh-1', [tagged]), { stream: 'taken-1', expected: 'none', events: [tagged] }] },
  ],
  [
    'a value that is none',
    'failed',
    { streams: [to('fresh-1', [tagged, anEvent({ occurredAt: Number.NaN })])] },
  ],
  [
    'its second document',
    'document-conflict',
    {
      documents: [
        { ...document, key: 'a', expectedVersion: 0 },
        { ...document, key: 'b', expectedVersion: 5 },
      ],
    },
  ],
])('a request that is refused for %s leaves nothing of what came before in it', async (_, status, parts) => {
  const store = await openStore()
  await store.documents.define('things', [])
  await append(store, aRequest([to('taken-1', [anEvent({ tags: ['kept:1'] })])]))
  const command = {
    type: 'Do',
    payload: '{}',
    status: 'accepted',
    reason: null,
    causationId: null,
    reads: '{}',
  } as const
  const refused = aRequest([to('fresh-1', [tagged])], { command, ...parts })
  const results = await append(
    store,
    aRequest([to('before-1')]),
    refused,
    aRequest([to('after-1', [tagged])]),
  )
  expect(statuses(results)).toEqual(['appended', status, 'appended'])
  const { events } = await readAll(store)
  expect(events.map(({ position, stream }) => [position, stream])).toEqual([
    [1, 'taken-1'],
    [2, 'before-1'],
    [3, 'after-1'],
  ])
  const query = { items: [{ tags: ['own:2'] }] }
  expect((await readAll(store, { tenant: '', query })).events.map(({ position }) => position)).toEqual([3])
  expect(await store.commands.find(0, '', refused.commandId)).toBeUndefined()
  expect(await store.documents.count('things', 0, '')).toBe(0)
})
