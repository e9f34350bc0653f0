import assert from 'node:assert/strict'
import { isHeadwaterError, type ProcessingResult, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aCheckpoint, aCommit, aResult, leaseOf } from './make.ts'

async function keep(store: Store, results: readonly ProcessingResult[]): Promise<void> {
  const lease = await leaseOf(store)
  await store.progress.commit(aCommit(lease, { results }))
}

export const resultLaws = [
  law('results come back as they were committed', async (trial) => {
    const store = await trial.open()
    const results = [
      aResult(3, { attempts: 4, tenant: 't' }),
      aResult(4, { status: 'failed', result: null, error: 'it broke', job: 'job-1' }),
      aResult(5, { result: new Uint8Array([0, 255]), actor: 'ada', why: 'a reason' }),
    ]
    await keep(store, results)
    const kept = await store.results.list({ branch: 0, limit: 10 })
    assert.deepEqual(
      kept.map((result) => ({ ...result })),
      results,
    )
  }),

  law('a result replaces the one before about the same event and sequence, and no other', async (trial) => {
    const store = await trial.open()
    await keep(store, [aResult(3), aResult(3, { sequence: 'b-1' }), aResult(4)])
    await keep(store, [aResult(3, { result: '2', attempts: 2 })])
    const kept = await store.results.list({ branch: 0, limit: 10 })
    assert.deepEqual(
      kept.map(({ position, sequence, attempts }) => [position, sequence, attempts]),
      [
        [3, 'a-1', 2],
        [3, 'b-1', 1],
        [4, 'a-1', 1],
      ],
    )
  }),

  law('results are listed by position: all, of an event, of a processor, of a tenant', async (trial) => {
    const store = await trial.open()
    await keep(store, [
      aResult(7),
      aResult(3, { processor: 'mails' }),
      aResult(7, { processor: 'mails', tenant: 't' }),
      aResult(12),
    ])
    const list = async (query: object): Promise<readonly string[]> =>
      (await store.results.list({ branch: 0, limit: 10, ...query })).map(
        ({ processor, position }) => `${processor}@${position}`,
      )
    assert.deepEqual(await list({}), ['mails@3', 'mails@7', 'totals@7', 'totals@12'])
    assert.deepEqual(await list({ limit: 2 }), ['mails@3', 'mails@7'])
    assert.deepEqual(await list({ after: 3 }), ['mails@7', 'totals@7', 'totals@12'])
    assert.deepEqual(await list({ position: 7 }), ['mails@7', 'totals@7'])
    assert.deepEqual(await list({ position: 7, processor: 'totals' }), ['totals@7'])
    assert.deepEqual(await list({ processor: 'totals' }), ['totals@7', 'totals@12'])
    assert.deepEqual(await list({ processor: 'totals', after: 7 }), ['totals@12'])
    assert.deepEqual(await list({ tenant: 't' }), ['mails@7'])
    assert.deepEqual(await list({ processor: 'mails', tenant: '' }), ['mails@3'])
    assert.deepEqual(await list({ branch: 1 }), [])
  }),

  law('a fenced commit leaves no result', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.leases.release(lease)
    const commit = aCommit(lease, { checkpoint: aCheckpoint(3), results: [aResult(3)] })
    await assert.rejects(store.progress.commit(commit), (error) =>
      isHeadwaterError(error, 'processor.fenced'),
    )
    assert.deepEqual(await store.results.list({ branch: 0, limit: 10 }), [])
  }),
]
