import {
  aggregate,
  app,
  command,
  event,
  memoryStore,
  rule,
  type SnapshotPolicy,
  type SnapshotRow,
  type Store,
} from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { spoilt } from '../../../conformance/test/faults/replaced.ts'
import { running, until } from '../support/running.ts'

const Added = event('Added', z.object({ by: z.number() }))
const Add = command('Add', z.object({ sumId: z.string(), by: z.number(), times: z.number().default(1) }))

interface State {
  readonly sum: number
  readonly steps: readonly number[]
}

function sums(snapshots: SnapshotPolicy<State>, factor = 1, evolve?: (state: State, by: number) => State) {
  const fold = evolve ?? ((state, by) => ({ sum: state.sum + by, steps: [...state.steps, by].slice(-3) }))
  return aggregate('sum', {
    events: [Added],
    commands: [Add],
    initial: { sum: 0, steps: [] } as State,
    evolve: { Added: (state, { data }) => fold(state, data.by * factor) },
    decide: { Add: (_state, { by, times }) => Array.from({ length: times }, () => Added({ by })) },
    snapshots: { version: factor, ...snapshots },
  })
}

const every3 = sums({ every: 3 })
const appOf = (sum: ReturnType<typeof sums>) => app({ name: 'sums', aggregates: [sum] })

/** A store that stays open, so that an app can be opened on it again. */
function lastingStore(now = Date.now): Store {
  return { ...memoryStore({ now }), close: () => Promise.resolve() }
}

/** Notes after which revision a stream was read, and how many events came. */
function watched(store: Store): { store: Store; reads: { after: number; events: number }[] } {
  const reads: { after: number; events: number }[] = []
  const readStream: Store['log']['readStream'] = async (query) => {
    const page = await store.log.readStream(query)
    reads.push({ after: query.after, events: page.events.length })
    return page
  }
  return { store: spoilt(store, 'log', { readStream }), reads }
}

const row = (store: Store, stream = 'sum-a', tenant = '') => store.snapshots.find(0, tenant, stream)

describe('a stream', () => {
  test('has a snapshot after every so many events, of its latest state', async () => {
    const store = lastingStore()
    const headwater = await running(appOf(every3), { store })
    for (const by of [1, 2]) await headwater.execute(Add({ sumId: 'a', by }))
    await headwater.execute(Add({ sumId: 'a', by: 3, times: 2 }))
    await until(async () => (await row(store))?.revision === 4)
    expect(JSON.parse(String((await row(store))?.state))).toEqual({ sum: 9, steps: [2, 3, 3] })
    for (const by of [4, 5]) await headwater.execute(Add({ sumId: 'a', by }))
    await until(async () => (await row(store))?.revision === 6)
    expect(headwater.failures).toEqual([])
  })

  test('is loaded from its snapshot and what came after, and from nothing else', async () => {
    const { store, reads } = watched(lastingStore())
    const first = await running(appOf(every3), { store })
    await first.execute(Add({ sumId: 'a', by: 1, times: 300 }))
    await until(async () => (await row(store)) !== undefined)
    await first.execute(Add({ sumId: 'a', by: 1, times: 2 }))
    await first.close()
    reads.length = 0
    const again = await running(appOf(every3), { store })
    expect(await again.state(every3, 'a')).toMatchObject({ state: { sum: 302 }, revision: 302 })
    expect(reads).toEqual([
      { after: 299, events: 1 },
      { after: 300, events: 2 },
    ])
    expect(again.snapshots.summaries()[0]).toMatchObject({
      aggregate: 'sum',
      used: 1,
      outdated: 0,
      untrusted: 0,
    })
  })

  test('of one tenant is not loaded from the snapshot of another', async () => {
    const store = lastingStore()
    const first = await running(appOf(every3), { store })
    await first.execute(Add({ sumId: 'a', by: 1, times: 3 }), { tenant: 'north' })
    await until(async () => (await row(store, 'sum-a', 'north')) !== undefined)
    await first.execute(Add({ sumId: 'a', by: 5 }), { tenant: 'south' })
    await first.close()
    const again = await running(appOf(every3), { store })
    expect(await again.state(every3, 'a', { tenant: 'south' })).toMatchObject({
      state: { sum: 5 },
      revision: 1,
    })
    expect(await again.state(every3, 'a', { tenant: 'north' })).toMatchObject({
      state: { sum: 3 },
      revision: 3,
    })
  })
})

describe('a snapshot', () => {
  const filled = async () => {
    const store = lastingStore()
    const headwater = await running(appOf(every3), { store })
    await headwater.execute(Add({ sumId: 'a', by: 1, times: 3 }))
    await until(async () => (await row(store)) !== undefined)
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await headwater.close()
    const saved = await row(store)
    if (saved === undefined) throw new Error('There is no snapshot')
    return { store, saved }
  }

  test('of other code is ignored, and replaced', async () => {
    const { store, saved } = await filled()
    const tenfold = sums({ every: 3 }, 10)
    const headwater = await running(appOf(tenfold), { store })
    expect(await headwater.state(tenfold, 'a')).toMatchObject({ state: { sum: 40 }, revision: 4 })
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ used: 0, outdated: 1 })
    await until(async () => (await row(store))?.hash !== saved.hash)
    expect(await row(store)).toMatchObject({ revision: 4 })
  })

  test('folded by other rules is ignored', async () => {
    const { store } = await filled()
    const rules = [rule('rate', [{ value: 1 }])]
    const headwater = await running(app({ name: 'sums', aggregates: [every3], rules }), { store })
    expect(await headwater.state(every3, 'a')).toMatchObject({ state: { sum: 4 } })
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ used: 0, outdated: 1 })
  })

  test.each<[string, Partial<SnapshotRow>]>([
    ['ahead of its stream', { revision: 9 }],
    ['that stands on another event', { eventId: 'another.1' }],
    ['of another history', { epoch: 'another' }],
  ])('%s is not trusted, and dropped', async (_what, change) => {
    const { store, saved } = await filled()
    await store.snapshots.drop({ branch: 0, tenant: '' })
    await store.snapshots.save([{ ...saved, state: '{"sum":1000,"steps":[]}', ...change }])
    const headwater = await running(appOf(sums({ at: '03:00' })), { store })
    expect(await headwater.state(every3, 'a')).toMatchObject({ state: { sum: 4 }, revision: 4 })
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ used: 0, untrusted: 1 })
    expect(await row(store)).toBeUndefined()
  })

  test('that can’t be read is no loss but time', async () => {
    const { store, saved } = await filled()
    await store.snapshots.save([{ ...saved, state: '{"sum":' }])
    const headwater = await running(appOf(every3), { store })
    expect(await headwater.state(every3, 'a')).toMatchObject({ state: { sum: 4 }, revision: 4 })
    expect(headwater.failures).toMatchObject([{ error: { code: 'codec.failed' } }])
  })
})

describe('a state that does not survive being stored', () => {
  interface Dated {
    readonly last: Date | null
  }

  const dated = (policy: SnapshotPolicy<Dated>) =>
    aggregate('sum', {
      events: [Added],
      commands: [Add],
      initial: { last: null } as Dated,
      evolve: { Added: (_state, { data }) => ({ last: new Date(data.by) }) },
      decide: { Add: (_state, { by }) => Added({ by }) },
      snapshots: policy,
    })

  test('is refused when the app is opened, where it is the initial one', async () => {
    const early = aggregate('sum', {
      events: [],
      commands: [],
      initial: { since: new Date(0) },
      evolve: {},
      decide: {},
      snapshots: { every: 1 },
    })
    await expect(running(app({ name: 'sums', aggregates: [early] }))).rejects.toMatchObject({
      code: 'snapshot.unfaithful',
      message:
        'The state of aggregate sum does not survive being stored: since was a Date and came back as a text',
    })
  })

  test('gets no snapshot: that is said once, and commands go on', async () => {
    const store = lastingStore()
    const headwater = await running(app({ name: 'sums', aggregates: [dated({ every: 1 })] }), { store })
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await until(() => headwater.failures.length > 0)
    for (const by of [2, 3]) await headwater.execute(Add({ sumId: 'a', by }))
    expect(headwater.failures).toMatchObject([{ error: { code: 'snapshot.unfaithful' } }])
    expect(await row(store)).toBeUndefined()
    expect(headwater.snapshots.summaries()[0]).toMatchObject({
      failed: 1,
      error: { code: 'snapshot.unfaithful', message: expect.stringContaining('last was a Date') },
    })
  })

  test('is kept by a policy that makes JSON of it', async () => {
    const store = lastingStore()
    const policy: SnapshotPolicy<Dated> = {
      every: 1,
      write: ({ last }) => last?.getTime() ?? null,
      read: (written) => ({ last: typeof written === 'number' ? new Date(written) : null }),
    }
    const sum = dated(policy)
    const headwater = await running(app({ name: 'sums', aggregates: [sum] }), { store })
    await headwater.execute(Add({ sumId: 'a', by: 7 }))
    await until(async () => (await row(store)) !== undefined)
    await headwater.close()
    const again = await running(app({ name: 'sums', aggregates: [sum] }), { store })
    expect((await again.state(sum, 'a')).state).toEqual({ last: new Date(7) })
    expect(again.snapshots.summaries()[0]).toMatchObject({ used: 1 })
  })

  test('is frozen while it waits: a fold that writes into it fails instead of changing it', async () => {
    const mutating = sums({ every: 1 }, 1, (state, by) => {
      if (state.sum > 0) Object.assign(state, { sum: state.sum + by })
      return { sum: state.sum + by, steps: [] }
    })
    const headwater = await running(appOf(mutating))
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await expect(headwater.execute(Add({ sumId: 'a', by: 1 }))).rejects.toMatchObject({
      code: 'command.failed',
    })
  })
})

describe('taking snapshots', () => {
  /** A store that saves no snapshot before it is told to. */
  function reluctant(): { store: Store; relent: () => void; asked: () => number } {
    const store = lastingStore()
    const { promise, resolve } = Promise.withResolvers<void>()
    let asked = 0
    const save: Store['snapshots']['save'] = async (rows) => {
      asked += 1
      await promise
      await store.snapshots.save(rows)
    }
    return { store: spoilt(store, 'snapshots', { save }), relent: resolve, asked: () => asked }
  }

  test('holds up no command', async () => {
    const { store, relent, asked } = reluctant()
    const headwater = await running(appOf(sums({ every: 1 })), { store })
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await until(() => asked() === 1)
    for (let n = 0; n < 20; n += 1) await headwater.execute(Add({ sumId: 'a', by: 1 }))
    expect(asked()).toBe(1)
    relent()
    await until(async () => (await row(store))?.revision === 21)
    // What came while the first one was being written waited once.
    expect(asked()).toBe(2)
  })

  test('leaves out what would wait behind too many', async () => {
    const { store, relent, asked } = reluctant()
    const headwater = await running(appOf(sums({ every: 1 })), { store })
    await headwater.execute(Add({ sumId: 'first', by: 1 }))
    await until(() => asked() === 1)
    const streams = Array.from({ length: 1_010 }, (_, n) => `s${n}`)
    await Promise.all(streams.map((sumId) => headwater.execute(Add({ sumId, by: 1 }))))
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ taken: 0, skipped: 10 })
    relent()
    await until(() => headwater.snapshots.summaries()[0]?.taken === 1_001)
  })

  test('fails by itself: the command has its answer, and the error hook the error', async () => {
    const store = lastingStore()
    const broken = spoilt(store, 'snapshots', { save: () => Promise.reject(new Error('the disk is full')) })
    const headwater = await running(appOf(sums({ every: 1 })), { store: broken })
    expect(await headwater.execute(Add({ sumId: 'a', by: 1 }))).toMatchObject({ status: 'accepted' })
    await until(() => headwater.failures.length > 0)
    expect(headwater.failures).toMatchObject([{ error: { message: 'the disk is full' } }])
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ taken: 0, failed: 1, error: null })
  })

  test('is finished when the app is closed', async () => {
    const store = lastingStore()
    const headwater = await running(appOf(sums({ every: 1 })), { store })
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await headwater.close()
    expect(await row(store)).toMatchObject({ revision: 1 })
  })
})

test('a state that is loaded with any snapshots is the fold from the first event', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      stream: fc.constantFrom('a', 'b'),
      by: fc.integer(),
      times: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      kind: fc.constant('reopen' as const),
      factor: fc.constantFrom(1, 10),
      every: fc.constantFrom(1, 2, 7, undefined),
    }),
    fc.record({
      kind: fc.constant('spoil' as const),
      stream: fc.constantFrom('a', 'b'),
      revision: fc.integer({ min: 1, max: 40 }),
      eventId: fc.constantFrom('x.1', undefined),
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const store = lastingStore()
      let sum = sums({ every: 2 })
      let headwater = await running(appOf(sum), { store })
      for (const one of steps) {
        if (one.kind === 'add')
          await headwater.execute(Add({ sumId: one.stream, by: one.by, times: one.times }))
        else if (one.kind === 'spoil') {
          const saved = await row(store, `sum-${one.stream}`)
          if (saved === undefined) continue
          // It may be believed only where it stands on the event that is there.
          const isRight = one.eventId === undefined && one.revision === saved.revision
          const state = isRight ? saved.state : '{"sum":-1,"steps":[]}'
          await store.snapshots.drop({ branch: 0, tenant: '', stream: saved.stream })
          await store.snapshots.save([
            { ...saved, state, revision: one.revision, eventId: one.eventId ?? saved.eventId },
          ])
        } else {
          await headwater.close()
          sum = sums(one.every === undefined ? { at: '03:00' } : { every: one.every }, one.factor)
          headwater = await running(appOf(sum), { store })
        }
      }
      await headwater.close()
      const unkept = { ...sum, snapshots: undefined }
      const plain = await running(app({ name: 'sums', aggregates: [unkept] }), { store })
      const last = await running(appOf(sum), { store })
      for (const stream of ['a', 'b'])
        expect(await last.state(sum, stream)).toEqual(await plain.state(unkept, stream))
    }),
    { numRuns: 60 },
  )
})
