import assert from 'node:assert/strict'
import { isHeadwaterError, type ParkedEvent, slotOf, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { aDocument } from '../make.ts'
import { aCommit, anAct, aParked, everySlot, leaseOf, park, positionsParked } from './make.ts'

const everything = { processor: 'totals', branch: 0, slots: everySlot, mostEvents: 1_000, limit: 100 }
const ofSequence = { processor: 'totals', branch: 0, tenant: '', sequence: 'a-1', limit: 100 }
const isConflict = (error: unknown) => isHeadwaterError(error, 'processor.conflict')

async function only(store: Store): Promise<ParkedEvent> {
  const [event, ...others] = await store.parking.list({ processor: 'totals', branch: 0, limit: 10 })
  assert.ok(event)
  assert.deepEqual(others, [])
  return event
}

async function sequencesOf(store: Store, query: object = {}): Promise<readonly string[]> {
  const sequences = await store.parking.sequences({ ...everything, ...query })
  return sequences.map(({ tenant, sequence, events }) => `${tenant}/${sequence}: ${events}`)
}

type Name = readonly [tenant: string, sequence: string]

/** Of two in one slot the tenant decides, then the name; here both are ASCII. */
function inSlotOrder(...names: readonly Name[]): readonly string[] {
  const place = ([tenant, sequence]: Name): string =>
    `${String(slotOf(tenant, sequence)).padStart(5, '0')} ${tenant}\0${sequence}`
  return names
    .toSorted((one, other) => (place(one) < place(other) ? -1 : 1))
    .map(([tenant, sequence]) => `${tenant}/${sequence}`)
}

const edited = {
  processor: 'totals',
  branch: 0,
  tenant: '',
  sequence: 'a-1',
  position: 3,
  edits: 0,
  version: 2,
}

export const parkedLaws = [
  law('a parked event comes back as it was parked', async (trial) => {
    const store = await trial.open()
    const events = [
      aParked(3, { tenant: 't', sequence: 's', attempts: 2, error: 'ä€𝄞' }),
      aParked(4, { tenant: 't', sequence: 's', attempts: 0, error: null }),
    ]
    await park(store, events)
    const parked = await store.parking.list({ processor: 'totals', branch: 0, limit: 10 })
    assert.deepEqual(
      parked.map((event) => ({ ...event })),
      events.map((event) => ({ ...event, edits: 0, edit: undefined })),
    )
  }),

  law('parking at the same place again replaces what is there', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(3, { attempts: 1 })])
    await park(store, [aParked(3, { attempts: 2, error: 'again' })])
    const { attempts, error } = await only(store)
    assert.deepEqual([attempts, error], [2, 'again'])
  }),

  law('parking an event as one that was not tried changes nothing where it is parked', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(3, { attempts: 2, error: 'once' })])
    await park(store, [aParked(3, { attempts: 0, error: null })])
    const { attempts, error } = await only(store)
    assert.deepEqual([attempts, error], [2, 'once'])
  }),

  law('unparking removes exactly the events it names', async (trial) => {
    const store = await trial.open()
    const others = [aParked(3, { tenant: 't' }), aParked(3, { sequence: 'b-1' }), aParked(4)]
    await park(store, [aParked(3), ...others])
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { unpark: [{ tenant: '', sequence: 'a-1', position: 3 }] }))
    const parked = await store.parking.list({ processor: 'totals', branch: 0, limit: 10 })
    const places = parked.map(({ tenant, sequence, position }) => `${tenant}/${sequence}/${position}`)
    assert.deepEqual(places.sort(), ['/a-1/4', '/b-1/3', 't/a-1/3'])
  }),

  law('parked events are listed by position, as many as asked for', async (trial) => {
    const store = await trial.open()
    await park(
      store,
      [12, 3, 100, 7].map((position) => aParked(position)),
    )
    const list = async (query: object): Promise<readonly number[]> =>
      (await store.parking.list({ ...ofSequence, ...query })).map(({ position }) => position)
    assert.deepEqual(await list({ limit: 3 }), [3, 7, 12])
    assert.deepEqual(await list({ after: 7 }), [12, 100])
  }),

  law('parked events are listed by processor, tenant and sequence', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(1), aParked(2, { sequence: 'b-1' }), aParked(3, { tenant: 't' })])
    const lease = await leaseOf(store)
    await store.progress.commit(
      aCommit(lease, { processor: 'mails', park: [aParked(4, { processor: 'mails' })] }),
    )
    const list = async (query: object): Promise<readonly number[]> =>
      (await store.parking.list({ processor: 'totals', branch: 0, limit: 10, ...query })).map(
        ({ position }) => position,
      )
    assert.deepEqual(await list({}), [1, 2, 3])
    assert.deepEqual(await list({ processor: 'mails' }), [4])
    assert.deepEqual(await list({ tenant: 't' }), [3])
    assert.deepEqual(await list({ tenant: '' }), [1, 2])
    assert.deepEqual(await list({ sequence: 'b-1' }), [2])
    assert.deepEqual(await list({ tenant: 't', sequence: 'a-1' }), [3])
    assert.deepEqual(await list({ branch: 1 }), [])
  }),

  law('parked sequences are told with their first event and how many there are', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(5, { attempts: 0 }), aParked(3), aParked(8, { attempts: 0 })])
    const { sequence, position, attempts, error, events, isAsked } =
      (await store.parking.sequences(everything))[0] ?? {}
    assert.deepEqual(
      [sequence, position, attempts, error, events, isAsked],
      ['a-1', 3, 5, 'it broke', 3, false],
    )
    assert.deepEqual(await sequencesOf(store, { mostEvents: 2 }), ['/a-1: 2'])
    assert.equal(await store.parking.count('totals', 0, 100), 3)
    assert.equal(await store.parking.count('totals', 0, 2), 2)
    assert.equal(await store.parking.count('totals', 1, 100), 0)
  }),

  law('parked sequences are listed page by page, of some slots, of one tenant', async (trial) => {
    const store = await trial.open()
    const names = Array.from(
      { length: 250 },
      (_, index) => [index % 3 === 0 ? 't' : '', `s-${index}`] as const,
    )
    await park(
      store,
      names.flatMap(([tenant, sequence]) =>
        [1, 2].map((position) => aParked(position, { tenant, sequence })),
      ),
    )
    const pages: string[] = []
    for (let after; ; ) {
      const page = await store.parking.sequences({ ...everything, limit: 40, ...(after && { after }) })
      pages.push(...page.map(({ tenant, sequence }) => `${tenant}/${sequence}`))
      after = page.at(-1)
      if (page.length < 40) break
    }
    assert.deepEqual(pages, inSlotOrder(...names))
    const slots = { first: 20_000, last: 40_000 }
    const within = names.filter(([tenant, name]) => {
      const slot = slotOf(tenant, name)
      return slot >= slots.first && slot <= slots.last
    })
    assert.deepEqual(
      await sequencesOf(store, { slots }),
      inSlotOrder(...within).map((name) => `${name}: 2`),
    )
    const others = names.filter(([tenant]) => tenant === 't')
    assert.deepEqual(
      await sequencesOf(store, { tenant: 't' }),
      inSlotOrder(...others).map((name) => `${name}: 2`),
    )
  }),

  ...(
    [
      ['text', '{"by":2}'],
      ['bytes', new Uint8Array([0, 255, 7])],
    ] as const
  ).map(([what, data]) =>
    law(`an edit gives a parked event other data, ${what}, and says whose it is`, async (trial) => {
      const store = await trial.open()
      await park(store, [aParked(3), aParked(3, { tenant: 't' })])
      assert.equal(await store.parking.edit({ ...edited, data }, anAct('edit')), true)
      const [event] = await store.parking.list(ofSequence)
      assert.equal(event?.edits, 1)
      const edit = { data, version: 2, actor: 'ada', why: 'a reason', at: 1_700_000_000_000 }
      assert.deepEqual({ ...event.edit }, edit)
      const [other] = await store.parking.list({ ...ofSequence, tenant: 't' })
      assert.equal(other?.edit, undefined)
    }),
  ),

  law('an edit stays when the event is parked again', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(3)])
    await store.parking.edit({ ...edited, data: '1' }, anAct('edit'))
    await park(store, [aParked(3, { attempts: 6 })])
    const { attempts, edits, edit } = await only(store)
    assert.deepEqual([attempts, edits, edit?.data], [6, 1, '1'])
  }),

  law('an event is parked with the edit that goes with it', async (trial) => {
    const store = await trial.open()
    const edit = { data: '7', version: 3, actor: 'ada', why: 'a reason', at: 1_700_000_000_000 }
    await park(store, [aParked(3, { attempts: 0, edit })])
    const event = await only(store)
    assert.deepEqual({ ...event.edit }, edit)
    assert.equal(event.edits, 1)
  }),

  law('an edit of what was edited since it was read, or is not parked, changes nothing', async (trial) => {
    const store = await trial.open()
    assert.equal(await store.parking.edit({ ...edited, data: '1' }, anAct('edit')), false)
    await park(store, [aParked(3)])
    assert.equal(await store.parking.edit({ ...edited, data: '1' }, anAct('edit')), true)
    assert.equal(await store.parking.edit({ ...edited, data: '2' }, anAct('edit')), false)
    assert.equal((await only(store)).edit?.data, '1')
    assert.equal(await store.parking.edit({ ...edited, edits: 1, data: '2' }, anAct('edit')), true)
    assert.equal((await only(store)).edit?.data, '2')
  }),

  law('of 8 who edit a parked event at once one succeeds', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(3)])
    const racing = Array.from({ length: 8 }, (_, index) =>
      store.parking.edit({ ...edited, data: String(index) }, anAct('edit')),
    )
    const done = await Promise.all(racing)
    assert.equal(done.filter(Boolean).length, 1)
    assert.equal((await only(store)).edit?.data, String(done.indexOf(true)))
  }),

  law('a commit that unparks what was edited or dropped since it was read writes nothing', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await park(store, [aParked(3), aParked(4)])
    const lease = await leaseOf(store)
    const commit = (edits: number) =>
      store.progress.commit(
        aCommit(lease, {
          documents: [aDocument('k', { n: 1 })],
          unpark: [{ tenant: '', sequence: 'a-1', position: 3, edits }],
        }),
      )
    await store.parking.edit({ ...edited, data: '1' }, anAct('edit'))
    await assert.rejects(commit(0), isConflict)
    assert.deepEqual(await positionsParked(store), [3, 4])
    assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
    await store.parking.drop({ ...ofSequence, from: 3, to: 3, limit: 1 }, anAct('drop'))
    await assert.rejects(commit(1), isConflict)
    assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
  }),

  law('a commit unparks what is as it was read', async (trial) => {
    const store = await trial.open()
    await park(store, [aParked(3)])
    await store.parking.edit({ ...edited, data: '1' }, anAct('edit'))
    const lease = await leaseOf(store)
    const unpark = [{ tenant: '', sequence: 'a-1', position: 3, edits: 1 }]
    await store.progress.commit(aCommit(lease, { unpark }))
    assert.deepEqual(await positionsParked(store), [])
  }),

  law(
    'dropping takes the first events of a sequence, leaves results, and asks for what is behind',
    async (trial) => {
      const store = await trial.open()
      const others = [aParked(4, { tenant: 't' }), aParked(5, { sequence: 'b-1' })]
      await park(store, [...[3, 4, 6, 9].map((position) => aParked(position)), ...others])
      const drop = { ...ofSequence, from: 3, to: 6, limit: 2 }
      assert.equal(await store.parking.drop(drop, anAct('drop')), 2)
      assert.equal(await store.parking.drop(drop, anAct('drop')), 1)
      assert.equal(await store.parking.drop(drop, anAct('drop')), 0)
      assert.deepEqual(await positionsParked(store), [4, 5, 9])
      const results = await store.results.list({ branch: 0, limit: 10 })
      assert.deepEqual(
        results.map(({ tenant, sequence, position, status, attempts, error, actor, why }) =>
          [tenant, sequence, position, status, attempts, error, actor, why].join(),
        ),
        [3, 4, 6].map((position) =>
          ['', 'a-1', position, 'dropped', 5, 'it broke', 'ada', 'a reason'].join(),
        ),
      )
      assert.deepEqual(await askedOf(store), ['/a-1'])
    },
  ),

  law('of 100 parked events that many drop at once each is dropped once', async (trial) => {
    const store = await trial.open()
    await park(
      store,
      Array.from({ length: 100 }, (_, index) => aParked(index + 1)),
    )
    const racing = Array.from({ length: 12 }, () =>
      store.parking.drop({ ...ofSequence, from: 1, to: 100, limit: 10 }, anAct('drop')),
    )
    const dropped = (await Promise.all(racing)).reduce((sum, count) => sum + count, 0)
    assert.equal(dropped, 100)
    assert.equal((await store.results.list({ branch: 0, limit: 1_000 })).length, 100)
  }),

  law('sequences that are asked for are told in this order until they are answered', async (trial) => {
    const store = await trial.open()
    const names = ['c', 'a', 'b'].map((sequence) => ({ tenant: '', sequence }))
    await park(
      store,
      names.map((name) => aParked(3, name)),
    )
    const ask = (sequences: typeof names) =>
      store.parking.ask({ processor: 'totals', branch: 0, sequences }, anAct('retry'))
    assert.equal(await ask(names.slice(0, 1)), 1)
    assert.equal(await ask(names), 3)
    assert.equal(
      await ask([
        { tenant: '', sequence: 'not parked' },
        { tenant: 't', sequence: 'a' },
      ]),
      0,
    )
    assert.deepEqual(await askedOf(store), ['/c', '/a', '/b'])
    const sequences = await store.parking.sequences(everything)
    assert.deepEqual(
      sequences.map(({ isAsked }) => isAsked),
      [true, true, true],
    )
    const lease = await leaseOf(store)
    await store.progress.commit(aCommit(lease, { answered: names.slice(0, 2) }))
    assert.deepEqual(await askedOf(store), ['/b'])
    const slot = slotOf('', 'b')
    assert.deepEqual(await askedOf(store, { first: slot, last: slot }), ['/b'])
    assert.deepEqual(await askedOf(store, { first: slot + 1, last: everySlot.last }), [])
  }),

  law('a commit asks for sequences, and those who look again hear of it', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    const before = await changesOf(store)
    const ask = [{ tenant: 't', sequence: 's' }]
    await store.progress.commit(aCommit(lease, { park: [aParked(3, ask[0])], ask }))
    assert.deepEqual(await askedOf(store), ['t/s'])
    assert.ok((await changesOf(store)) > before)
  }),
]

async function askedOf(store: Store, slots = everySlot): Promise<readonly string[]> {
  const asked = await store.parking.asked({ processor: 'totals', branch: 0, slots, limit: 10 })
  return asked.map(({ tenant, sequence }) => `${tenant}/${sequence}`)
}

async function changesOf(store: Store): Promise<number> {
  const controls = await store.controls.list(0)
  return controls.find(({ processor }) => processor === 'totals')?.changes ?? 0
}
