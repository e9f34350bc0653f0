import type { AppendRequest, Store } from '@headwater/core'
import assert from 'node:assert/strict'
import { law } from '../law.ts'
import {
  aCommand,
  aDocument,
  anEvent,
  appended,
  aRequest,
  freshId,
  readAll,
  readStreamFully,
  record,
  to,
} from '../make.ts'

/** Requests that are in order, the last of which is not; what a store has to take back is all there. */
function refusedAtTheEnd(last: AppendRequest): readonly AppendRequest[] {
  return [
    aRequest([to('a-1', 2, 1), to('new-1', 1, 'none')], { command: aCommand() }),
    aRequest([to('a-1', 1, 3)], {
      command: aCommand(),
      documents: [aDocument('old', { is: 'written over' }), aDocument('kept', null)],
    }),
    aRequest([to('b-1', [anEvent({ tags: ['tag:1'] })], 'none')], {
      documents: [aDocument('new', { is: 'new' })],
    }),
    last,
  ]
}

async function prepared(store: Store): Promise<void> {
  await store.documents.define('things', [])
  const documents = [aDocument('old', { is: 'old' }), aDocument('kept', { is: 'kept' })]
  await appended(store.log, aRequest([to('a-1')], { documents }))
}

async function everything({ log, commands, documents }: Store): Promise<unknown> {
  return {
    events: await readAll(log),
    streams: await log.listStreams({ branch: 0, tenant: '', prefix: '', after: '', limit: 100 }),
    commands: (await commands.read({ branch: 0, tenant: undefined, after: 0, limit: 100 })).map(
      ({ id }) => id,
    ),
    documents: await documents.get('things', 0, '', ['old', 'kept', 'new']),
    head: (await log.head(0)).position,
  }
}

export const togetherLaws = [
  law('requests that are appended together are recorded as one after the other', async (trial) => {
    const store = await trial.open()
    await prepared(store)
    const requests = refusedAtTheEnd(aRequest([to('b-1', 2, 1)], { command: aCommand() }))
    const together = await store.log.appendTogether(requests)
    assert.ok(together.status === 'appended', `they were ${together.status}`)
    assert.deepEqual(
      together.results.map(({ position, revisions }) => ({ position, revisions })),
      [
        { position: 2, revisions: [3, 1] },
        { position: 5, revisions: [4] },
        { position: 6, revisions: [1] },
        { position: 7, revisions: [3] },
      ],
    )
    assert.deepEqual(
      (await readAll(store.log)).map(({ commandId, ordinal }) => [commandId, ordinal]).slice(1),
      requests.flatMap(({ commandId, streams }) =>
        streams.flatMap(({ events }) => events).map((_, index) => [commandId, index + 1]),
      ),
    )
    for (const [index, { commandId, command }] of requests.entries()) {
      const row = await store.commands.find(0, '', commandId)
      assert.equal(row?.position, command === null ? undefined : together.results[index]?.position)
    }
    const [old, kept, fresh] = await store.documents.get('things', 0, '', ['old', 'kept', 'new'])
    assert.deepEqual([old?.document, kept, fresh?.position], ['{"is":"written over"}', undefined, 6])
  }),

  law('of requests that belong together none is recorded where one is refused', async (trial) => {
    const store = await trial.open()
    await prepared(store)
    const taken = freshId('command')
    await appended(
      store.log,
      aRequest([to('c-1', [anEvent({ tags: ['tag:1'] })])], { commandId: taken, command: aCommand() }),
    )
    const before = await everything(store)
    const lasts: readonly [string, AppendRequest][] = [
      ['conflict', aRequest([to('a-1', 1, 3)])],
      ['duplicate', aRequest([to('b-1')], { commandId: taken, command: aCommand() })],
      [
        'condition-failed',
        aRequest([to('b-1')], { conditions: [{ query: { items: [{ tags: ['tag:1'] }] }, after: 2 }] }),
      ],
      [
        'document-conflict',
        aRequest([to('b-1')], { documents: [aDocument('old', {}, { expectedVersion: 0 })] }),
      ],
    ]
    for (const [status, last] of lasts) {
      const together = await store.log.appendTogether(refusedAtTheEnd(last))
      assert.ok(together.status === 'refused', `they were ${together.status}`)
      assert.deepEqual([together.index, together.result.status], [3, status])
      assert.deepEqual(await everything(store), before)
    }
    const fault = aRequest([to('b-1', [anEvent({ occurredAt: Number.NaN })])])
    await assert.rejects(store.log.appendTogether(refusedAtTheEnd(fault)))
    assert.deepEqual(await everything(store), before)
  }),

  law('what was refused together can be recorded later, and nothing is missing in between', async (trial) => {
    const store = await trial.open()
    await prepared(store)
    const requests = refusedAtTheEnd(aRequest([to('a-1', 1, 9)]))
    assert.equal((await store.log.appendTogether(requests)).status, 'refused')
    await record(store, 'b-1', 1)
    assert.equal((await store.log.appendTogether(requests.slice(0, 2))).status, 'appended')
    assert.deepEqual(
      (await readAll(store.log)).map(({ position }) => position),
      [1, 2, 3, 4, 5, 6],
    )
    assert.deepEqual(
      (await readStreamFully(store.log, 'a-1')).map(({ revision }) => revision),
      [1, 2, 3, 4],
    )
  }),

  law('no writer comes between requests that belong together', async (trial) => {
    const store = await trial.open()
    const pairs = Array.from({ length: 20 }, (_, n) => [aRequest([to(`x-${n}`)]), aRequest([to(`y-${n}`)])])
    await Promise.all([
      ...pairs.map((pair) => store.log.appendTogether(pair)),
      ...Array.from({ length: 40 }, (_, n) => store.log.append([aRequest([to(`z-${n}`)])])),
    ])
    const events = await readAll(store.log)
    const places = new Map(events.map(({ stream, position }) => [stream, position]))
    for (let n = 0; n < pairs.length; n += 1)
      assert.equal(places.get(`y-${n}`), (places.get(`x-${n}`) ?? 0) + 1)
  }),
]
