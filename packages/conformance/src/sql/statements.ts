import assert from 'node:assert/strict'
import { isHeadwaterError } from '@headwater/core'
import { law } from '../law.ts'
import { aCommand, aDocument, appended, appendOne, aRequest, record, statuses, to } from '../make.ts'
import { aCheckpoint, aCommit, aParked, leaseOf, positionsParked } from '../progress/make.ts'
import { count, countersOf, insert, opened, running, statement } from './user-tables.ts'

export const statementLaws = [
  law(
    'what holds statements fails alone where the store has no SQL',
    async (trial) => {
      const store = await trial.open()
      const statements = [{ sql: 'DELETE FROM shop__counters', parameters: [] }]
      const [before, result, after] = await store.log.append([
        aRequest([to('a-1')]),
        running('b-1', statements),
        aRequest([to('c-1')]),
      ])
      assert.deepEqual([before?.status, result?.status, after?.status], ['appended', 'failed', 'appended'])
      assert.ok(result?.status === 'failed' && isHeadwaterError(result.error, 'store.no-sql'))
      const lease = await leaseOf(store)
      await assert.rejects(
        store.progress.commit(aCommit(lease, { checkpoint: aCheckpoint(1), statements })),
        (error) => isHeadwaterError(error, 'store.no-sql'),
      )
      assert.equal(await store.progress.checkpoint('totals', 0), undefined)
    },
    'noSql',
  ),

  law(
    'statements of an append run with it, in their order',
    async (trial) => {
      const store = await opened(trial)
      await appended(
        store.log,
        running('a-1', [insert(store, 'k'), count(store, 'k', 0), count(store, 'k', 1)]),
      )
      assert.deepEqual(await countersOf(store), { k: 2 })
      assert.equal((await store.log.head(0)).position, 1)
    },
    'sql',
  ),

  law(
    'statements run although no event is appended with them',
    async (trial) => {
      const store = await opened(trial)
      const result = await appended(store.log, aRequest([], { statements: [insert(store, 'k')] }))
      assert.equal(result.position, undefined)
      assert.deepEqual(await countersOf(store), { k: 0 })
    },
    'sql',
  ),

  law(
    'an append that conflicts runs no statement',
    async (trial) => {
      const store = await opened(trial)
      await store.documents.define('things', [])
      await record(store, 'a-1')
      const statements = [insert(store, 'k')]
      const refused = await store.log.append([
        aRequest([to('a-1', 1, 'none')], { statements }),
        aRequest([to('b-1')], { statements, documents: [aDocument('d', 1, { expectedVersion: 7 })] }),
        aRequest([to('c-1')], { statements, conditions: [{ query: { items: [{}] }, after: 0 }] }),
      ])
      assert.deepEqual(statuses(refused), ['conflict', 'document-conflict', 'condition-failed'])
      assert.deepEqual(await countersOf(store), {})
    },
    'sql',
  ),

  law(
    'a statement that changes other rows than expected undoes its request and leaves the others untouched',
    async (trial) => {
      const store = await opened(trial)
      await store.documents.define('things', [])
      const stale = running('b-1', [insert(store, 'l'), count(store, 'k', 7)], {
        documents: [aDocument('d', 1)],
        command: aCommand(),
        commandId: 'stale',
      })
      const results = await store.log.append([
        running('a-1', [insert(store, 'k')]),
        stale,
        running('c-1', [count(store, 'k', 0)]),
      ])
      assert.deepEqual(statuses(results), ['appended', 'statement-conflict', 'appended'])
      assert.equal(results[1]?.status === 'statement-conflict' && results[1].index, 1)
      assert.deepEqual(await countersOf(store), { k: 1 })
      assert.equal((await store.log.head(0)).position, 2)
      assert.equal(
        (await store.log.readStream({ branch: 0, tenant: '', stream: 'b-1', after: 0, limit: 1 })).revision,
        0,
      )
      assert.deepEqual(await store.documents.get('things', 0, '', ['d']), [undefined])
      assert.equal(await store.commands.find(0, '', 'stale'), undefined)
    },
    'sql',
  ),

  law(
    'a key that is taken is a conflict, not a failure',
    async (trial) => {
      const store = await opened(trial)
      await appended(store.log, running('a-1', [insert(store, 'k')]))
      assert.equal(
        (await appendOne(store.log, running('b-1', [insert(store, 'k')]))).status,
        'statement-conflict',
      )
      assert.equal((await store.log.head(0)).position, 1)
    },
    'sql',
  ),

  law(
    'of two requests in one append that read the same row the first one wins',
    async (trial) => {
      const store = await opened(trial)
      await appended(store.log, running('a-1', [insert(store, 'k')]))
      const results = await store.log.append([
        running('b-1', [count(store, 'k', 0, 10)]),
        running('c-1', [count(store, 'k', 0, 20)]),
      ])
      assert.deepEqual(statuses(results), ['appended', 'statement-conflict'])
      assert.deepEqual(await countersOf(store), { k: 10 })
    },
    'sql',
  ),

  law(
    'racing updates of one row lose none',
    async (trial) => {
      const store = await opened(trial)
      await appended(store.log, running('a-1', [insert(store, 'k')]))
      const increment = async (_: unknown, index: number): Promise<void> => {
        for (;;) {
          const { k = 0 } = await countersOf(store)
          const { status } = await appendOne(store.log, running(`s-${index}`, [count(store, 'k', k)]))
          if (status === 'appended') return
          assert.equal(status, 'statement-conflict')
        }
      }
      await Promise.all(Array.from({ length: 16 }, increment))
      assert.deepEqual(await countersOf(store), { k: 16 })
      assert.equal((await store.log.head(0)).position, 17)
    },
    'sql',
  ),

  law(
    'a command that is repeated runs its statements once',
    async (trial) => {
      const store = await opened(trial)
      await appended(store.log, running('a-1', [insert(store, 'k')]))
      const add = statement(store, 'UPDATE shop__counters SET n = n + 1')
      const request = running('a-1', [add], { command: aCommand(), commandId: 'c' })
      assert.equal((await appendOne(store.log, request)).status, 'appended')
      assert.equal((await appendOne(store.log, request)).status, 'duplicate')
      assert.deepEqual(await countersOf(store), { k: 1 })
    },
    'sql',
  ),

  law(
    'statements and the checkpoint are written by one commit',
    async (trial) => {
      const store = await opened(trial)
      const lease = await leaseOf(store)
      const statements = [insert(store, 'k')]
      await store.progress.commit(
        aCommit(lease, { checkpoint: aCheckpoint(7), statements, park: [aParked(6)] }),
      )
      assert.deepEqual(await countersOf(store), { k: 0 })
      assert.equal((await store.progress.checkpoint('totals', 0))?.position, 7)
    },
    'sql',
  ),

  law(
    'a commit that is fenced runs no statement',
    async (trial) => {
      const store = await opened(trial)
      const lease = await leaseOf(store)
      await store.leases.release(lease)
      await assert.rejects(
        store.progress.commit(
          aCommit(lease, { checkpoint: aCheckpoint(7), statements: [insert(store, 'k')] }),
        ),
        (error) => isHeadwaterError(error, 'processor.fenced'),
      )
      assert.deepEqual(await countersOf(store), {})
    },
    'sql',
  ),

  law(
    'a commit whose statement changes other rows than expected writes nothing',
    async (trial) => {
      const store = await opened(trial)
      await store.documents.define('things', [])
      const lease = await leaseOf(store)
      const commit = aCommit(lease, {
        checkpoint: aCheckpoint(7),
        documents: [aDocument('d', 1)],
        statements: [insert(store, 'k'), count(store, 'l', 0)],
        park: [aParked(6)],
      })
      // Beside others, which share its transaction.
      const outcomes = await Promise.allSettled([
        store.progress.commit(aCommit(lease, { statements: [insert(store, 'm')] })),
        store.progress.commit(commit),
        appended(store.log, running('a-1', [insert(store, 'n')])),
      ])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      const [, refused] = outcomes
      assert.ok(refused?.status === 'rejected' && isHeadwaterError(refused.reason, 'log.statement-conflict'))
      assert.deepEqual(await countersOf(store), { m: 0, n: 0 })
      assert.equal(await store.progress.checkpoint('totals', 0), undefined)
      assert.deepEqual(await store.documents.get('things', 0, '', ['d']), [undefined])
      assert.deepEqual(await positionsParked(store), [])
    },
    'sql',
  ),
]
