import assert from 'node:assert/strict'
import type { Control, Store } from '@headwater/core'
import { law } from '../law.ts'
import {
  aCheckpoint,
  aCommit,
  anAct,
  aParked,
  aResult,
  begun,
  everySlot,
  keysOf,
  leaseOf,
  park,
  quarters,
} from './make.ts'

async function controlOf(store: Store, processor = 'totals'): Promise<Control | undefined> {
  const controls = await store.controls.list(0)
  return controls.find((control) => control.processor === processor)
}

async function changesOf(store: Store): Promise<number> {
  return (await controlOf(store))?.changes ?? 0
}

const aJob = { id: 'job-1', processor: 'totals', branch: 0, from: 3, to: 9 }

export const controlLaws = [
  law('nothing is known of processors about which nothing was said', async (trial) => {
    const store = await trial.open()
    assert.deepEqual(await store.controls.list(0), [])
    assert.deepEqual(await store.controls.acts({ processor: 'totals', branch: 0, limit: 10 }), [])
    assert.deepEqual(await store.controls.reprocessing({ branch: 0, limit: 10 }), [])
  }),

  law('a paused processor is paused until it is resumed, and says by whom and why', async (trial) => {
    const store = await trial.open()
    await store.controls.pause('totals', 0, anAct('pause'))
    await store.controls.pause('mails', 1, anAct('pause'))
    const paused = await controlOf(store)
    assert.deepEqual({ ...paused?.paused }, { actor: 'ada', why: 'a reason', at: 1_700_000_000_000 })
    assert.equal(await controlOf(store, 'mails'), undefined)
    await store.controls.resume('totals', 0, anAct('resume'))
    assert.equal((await controlOf(store))?.paused, undefined)
  }),

  law('whatever is said about a processor can be noticed', async (trial) => {
    const store = await trial.open()
    const partitions = await begun(store, [everySlot])
    await park(
      store,
      [1, 2, 3].map((position) => aParked(position)),
    )
    const place = { processor: 'totals', branch: 0, tenant: '', sequence: 'a-1' }
    const acts = [
      () => store.controls.pause('totals', 0, anAct('pause')),
      () => store.controls.resume('totals', 0, anAct('resume')),
      () => store.parking.edit({ ...place, position: 1, edits: 0, data: '1', version: 1 }, anAct('edit')),
      () => store.parking.ask({ ...place, sequences: [place] }, anAct('retry')),
      () => store.parking.drop({ ...place, from: 1, to: 1, limit: 1 }, anAct('drop')),
      () => store.controls.askReprocessing(aJob, anAct('reprocess')),
      () =>
        store.controls.endReprocessing(
          { id: 'job-1', branch: 0, state: 'done', reached: 9, at: 1 },
          undefined,
        ),
      () =>
        store.progress.arrange(
          { processor: 'totals', branch: 0, ranges: quarters, expected: keysOf(partitions) },
          undefined,
        ),
      async () => {
        const expected = keysOf(await store.progress.partitions('totals', 0))
        const to = aCheckpoint(1)
        await store.progress.move({ processor: 'totals', branch: 0, to, expected }, anAct('reset'))
      },
    ]
    let before = await changesOf(store)
    assert.ok(before > 0, 'that it began was noticed')
    for (const [index, act] of acts.entries()) {
      await act()
      const after = await changesOf(store)
      assert.ok(after > before, `act ${index} was noticed`)
      before = after
    }
  }),

  law('what operators did is kept, the last first', async (trial) => {
    const store = await trial.open()
    await store.controls.pause('totals', 0, anAct('pause'))
    await store.controls.pause('mails', 0, anAct('pause'))
    await store.controls.resume('totals', 0, anAct('resume', { actor: null, why: null, details: '{"n":1}' }))
    const acts = await store.controls.acts({ processor: 'totals', branch: 0, limit: 10 })
    assert.deepEqual(
      acts.map(({ kind, actor, why, details }) => [kind, actor, why, details]),
      [
        ['resume', null, null, '{"n":1}'],
        ['pause', 'ada', 'a reason', '{}'],
      ],
    )
    const before = acts[0]?.sequence ?? 0
    const earlier = await store.controls.acts({ processor: 'totals', branch: 0, before, limit: 10 })
    assert.deepEqual(
      earlier.map(({ kind }) => kind),
      ['pause'],
    )
    assert.equal((await store.controls.acts({ processor: 'totals', branch: 0, limit: 1 })).length, 1)
    assert.deepEqual(await store.controls.acts({ processor: 'totals', branch: 1, limit: 1 }), [])
  }),

  law('a reprocessing job is there once, in the order in which it was asked for', async (trial) => {
    const store = await trial.open()
    await store.controls.askReprocessing(aJob, anAct('reprocess'))
    await store.controls.askReprocessing({ ...aJob, from: 1, to: 2 }, anAct('reprocess'))
    await store.controls.askReprocessing({ ...aJob, id: 'a-job' }, anAct('reprocess'))
    await store.controls.askReprocessing({ ...aJob, id: 'of mails', processor: 'mails' }, anAct('reprocess'))
    const [job] = await store.controls.reprocessing({ branch: 0, id: 'job-1', limit: 10 })
    assert.deepEqual(
      { ...job, asked: { ...job?.asked } },
      {
        ...aJob,
        asked: { actor: 'ada', why: 'a reason', at: 1_700_000_000_000 },
        state: 'asked',
        reached: undefined,
        endedAt: undefined,
      },
    )
    const list = async (query: object): Promise<readonly string[]> =>
      (await store.controls.reprocessing({ branch: 0, limit: 10, ...query })).map(({ id }) => id)
    assert.deepEqual(await list({}), ['job-1', 'a-job', 'of mails'])
    assert.deepEqual(await list({ limit: 2 }), ['job-1', 'a-job'])
    assert.deepEqual(await list({ processor: 'mails' }), ['of mails'])
    assert.deepEqual(await list({ state: 'done' }), [])
    assert.deepEqual(await list({ branch: 1 }), [])
  }),

  law('of 8 who end a job at once one does', async (trial) => {
    const store = await trial.open()
    await store.controls.askReprocessing(aJob, anAct('reprocess'))
    const end = (state: 'done' | 'cancelled', index: number) =>
      store.controls.endReprocessing({ id: 'job-1', branch: 0, state, reached: index, at: 5 }, undefined)
    const racing = Array.from({ length: 8 }, (_, index) => end(index % 2 === 0 ? 'done' : 'cancelled', index))
    const ended = await Promise.all(racing)
    assert.equal(ended.filter(Boolean).length, 1)
    const winner = ended.indexOf(true)
    const [job] = await store.controls.reprocessing({ branch: 0, limit: 10 })
    assert.deepEqual(
      [job?.state, job?.reached, job?.endedAt],
      [winner % 2 === 0 ? 'done' : 'cancelled', winner, 5],
    )
    const unknown = { id: 'no job', branch: 0, state: 'done', reached: 1, at: 5 } as const
    assert.equal(await store.controls.endReprocessing(unknown, undefined), false)
  }),

  law('a reset forgets what was said about a processor, and nothing of others', async (trial) => {
    const store = await trial.open()
    for (const processor of ['totals', 'mails']) {
      const place = { processor, branch: 0 }
      await store.progress.begin({
        ...place,
        ranges: [{ first: 0, last: 65_535 }],
        checkpoint: aCheckpoint(3),
      })
      const lease = await leaseOf(store)
      const parked = [aParked(3, { processor })]
      const commit = { processor, park: parked, results: [aResult(2, { processor })], ask: parked }
      await store.progress.commit(aCommit(lease, commit))
      await store.controls.pause(processor, 0, anAct('pause'))
      await store.controls.askReprocessing({ ...aJob, ...place, id: processor }, anAct('reprocess'))
    }
    await store.progress.reset('totals', 0)
    const left = async (processor: string): Promise<readonly number[]> => {
      const query = { processor, branch: 0, limit: 10 }
      const lists = await Promise.all([
        store.progress.partitions(processor, 0),
        store.parking.list(query),
        store.parking.asked({ ...query, slots: everySlot }),
        store.results.list(query),
        store.controls.acts(query),
        store.controls.reprocessing(query),
      ])
      return [...lists.map(({ length }) => length), (await controlOf(store, processor)) === undefined ? 0 : 1]
    }
    assert.deepEqual(await left('totals'), [0, 0, 0, 0, 0, 0, 0])
    assert.deepEqual(await left('mails'), [1, 1, 1, 1, 2, 1, 1])
  }),
]
