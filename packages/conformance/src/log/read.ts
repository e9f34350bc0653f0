import assert from 'node:assert/strict'
import type { LogQuery, Store } from '@headwater/core'
import { History } from '../chase.ts'
import { law } from '../law.ts'
import { anEvent, appended, aRequest, otherBranch, record, to } from '../make.ts'

const types = ['Red', 'Green', 'Blue']

/** 30 events of three types, the last 15 of them not blue; every fifth one belongs to another tenant. */
async function withColours(store: Store): Promise<void> {
  for (let position = 1; position <= 30; position++) {
    const type = position > 15 && position % 3 === 2 ? 'Green' : (types[position % 3] ?? '')
    const event = anEvent({ type, tags: position % 2 === 0 ? ['even'] : [] })
    await appended(
      store.log,
      aRequest([to(`stream-${position % 4}`, [event])], { tenant: position % 5 === 0 ? 'other' : '' }),
    )
  }
}

/** Reads with a filter, page by page, and checks what each page says about itself. */
async function positionsOf(store: Store, query: Partial<LogQuery>, limit = 3): Promise<readonly number[]> {
  const positions: number[] = []
  let after = query.after ?? 0
  for (;;) {
    const page = await store.log.read({ branch: 0, tenant: undefined, ...query, after, limit })
    assert.ok(page.events.length <= limit)
    for (const { position } of page.events) {
      assert.ok(position > (positions.at(-1) ?? after), 'events stand in the order of their positions')
      assert.ok(position <= page.scannedTo, 'what a page holds was looked at')
      positions.push(position)
    }
    assert.ok(page.scannedTo <= page.head)
    if (page.scannedTo === page.head) return positions
    assert.ok(page.scannedTo > after, 'a page that ends short of the head goes on')
    after = page.scannedTo
  }
}

const all = Array.from({ length: 30 }, (_, index) => index + 1)
const isRed = (position: number): boolean => position % 3 === 0
const isBlue = (position: number): boolean => position <= 15 && position % 3 === 2

export const readLaws = [
  law('an empty log has no events, position 0 and no recorded time', async (trial) => {
    const { log } = await trial.open()
    assert.deepEqual(await log.read({ branch: 0, tenant: undefined, after: 0, limit: 10 }), {
      events: [],
      scannedTo: 0,
      head: 0,
    })
    const head = await log.head(0)
    assert.equal(head.position, 0)
    assert.equal(head.recordedAt, undefined)
  }),

  law('the head is the last event’s position and recorded time', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 2)
    const { recordedAt } = await record(store, 'b-1', 3)
    const head = await store.log.head(0)
    assert.equal(head.position, 5)
    assert.equal(head.recordedAt, recordedAt)
  }),

  law('the epoch stays the same while the log grows', async (trial) => {
    const store = await trial.open()
    const { epoch } = await store.log.head(0)
    await record(store, 'a-1', 2)
    assert.notEqual(epoch, '')
    assert.equal((await store.log.head(0)).epoch, epoch)
  }),

  law('pages of any size give the whole log', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    for (const limit of [1, 7, 29, 30, 31]) {
      const history = new History()
      while (history.position < 30) {
        history.add(
          await store.log.read({ branch: 0, tenant: undefined, after: history.position, limit }),
          limit,
        )
      }
    }
  }),

  law('a page begins after the position asked for', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    assert.deepEqual(await positionsOf(store, { after: 27 }), [28, 29, 30])
  }),

  law('a page at the head is empty and scanned to the head', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    const page = await store.log.read({ branch: 0, tenant: undefined, after: 30, limit: 10 })
    assert.deepEqual(page, { events: [], scannedTo: 30, head: 30 })
  }),

  law('a page beyond the head tells where the head is', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    const page = await store.log.read({ branch: 0, tenant: undefined, after: 99, limit: 10 })
    assert.deepEqual([page.events, page.head], [[], 30])
  }),

  law('a filter by types gives their events and no others', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    assert.deepEqual(await positionsOf(store, { types: ['Red'] }), all.filter(isRed))
    assert.deepEqual(
      await positionsOf(store, { types: ['Red', 'Blue'] }),
      all.filter((position) => isRed(position) || isBlue(position)),
    )
    assert.deepEqual(await positionsOf(store, { types: ['Nothing'] }), [])
  }),

  law('a filter by query gives the events that match', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    const items = [{ tags: ['even'], types: ['Red'] }, { types: ['Blue'] }]
    const expected = all.filter((position) => (isRed(position) && position % 2 === 0) || isBlue(position))
    assert.deepEqual(await positionsOf(store, { query: { items } }), expected)
  }),

  law('an event that matches several items is given once', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    const items = [{ tags: ['even'] }, { types: ['Red'] }, { types: ['Red'], tags: ['even'] }]
    const expected = all.filter((position) => isRed(position) || position % 2 === 0)
    assert.deepEqual(await positionsOf(store, { query: { items } }), expected)
  }),

  law('a query without items matches nothing', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    assert.deepEqual(await positionsOf(store, { query: { items: [] } }), [])
  }),

  law('filters by types, by query and by tenant apply together', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    const query = { types: ['Red'], query: { items: [{ tags: ['even'] }] }, tenant: '' }
    const expected = all.filter((position) => isRed(position) && position % 2 === 0 && position % 5 !== 0)
    assert.deepEqual(await positionsOf(store, query), expected)
  }),

  law('a filter by tenant gives its events and no other’s', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    assert.deepEqual(await positionsOf(store, { tenant: 'other' }), [5, 10, 15, 20, 25, 30])
    assert.deepEqual(
      await positionsOf(store, { tenant: '' }),
      all.filter((position) => position % 5 !== 0),
    )
    assert.deepEqual(await positionsOf(store, { tenant: 'nobody' }), [])
  }),

  law('a filter that leaves out the end of the log says that it was looked at', async (trial) => {
    const store = await trial.open()
    await withColours(store)
    let after = 0
    while (after < 30) {
      const page = await store.log.read({ branch: 0, tenant: undefined, after, limit: 100, types: ['Blue'] })
      assert.ok(page.scannedTo > after)
      after = page.scannedTo
    }
    assert.equal(after, 30)
  }),

  law('pages of a stream give its events in order and its last revision', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 5)
    await record(store, 'b-1', 2)
    await record(store, 'a-1', 2)
    const read = async (after: number, limit: number) => {
      const page = await store.log.readStream({ branch: 0, tenant: '', stream: 'a-1', after, limit })
      return [page.events.map(({ revision }) => revision), page.revision]
    }
    assert.deepEqual(await read(0, 3), [[1, 2, 3], 7])
    assert.deepEqual(await read(3, 3), [[4, 5, 6], 7])
    assert.deepEqual(await read(6, 3), [[7], 7])
    assert.deepEqual(await read(7, 3), [[], 7])
    assert.deepEqual(await read(9, 3), [[], 7])
  }),

  law('a stream without events has revision 0', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1')
    const page = await store.log.readStream({ branch: 0, tenant: '', stream: 'a-2', after: 0, limit: 10 })
    assert.deepEqual(page, { events: [], revision: 0 })
  }),

  law('streams are listed in the order of their names’ code points', async (trial) => {
    const store = await trial.open()
    const names = ['B-1', 'a', 'a-1', 'a-10', 'a-2', 'b-1', 'é-1', '\uFFFD-1', '𝄞-1']
    for (const [index, name] of [...names].reverse().entries()) await record(store, name, index + 1)
    const streams = await store.log.listStreams({ branch: 0, tenant: '', prefix: '', after: '', limit: 100 })
    assert.deepEqual(
      streams.map(({ stream }) => stream),
      names,
    )
    assert.deepEqual(
      streams.map(({ revision }) => revision),
      [9, 8, 7, 6, 5, 4, 3, 2, 1],
    )
  }),

  law('pages of streams give each stream once', async (trial) => {
    const store = await trial.open()
    for (let index = 0; index < 10; index++) await record(store, `s-${index}`, 2)
    const names: string[] = []
    for (;;) {
      const after = names.at(-1) ?? ''
      const page = await store.log.listStreams({ branch: 0, tenant: '', prefix: '', after, limit: 3 })
      if (page.length === 0) break
      assert.ok(page.length <= 3)
      names.push(...page.map(({ stream }) => stream))
    }
    assert.deepEqual(
      names,
      Array.from({ length: 10 }, (_, index) => `s-${index}`),
    )
  }),

  law('a prefix of streams is taken letter by letter', async (trial) => {
    const store = await trial.open()
    for (const name of ['a%-1', 'a_-1', 'ab-1', 'A_-1', 'a*-1', 'a[b]-1', '\uFFFF-1', '𝄞-1'])
      await record(store, name)
    const list = async (prefix: string): Promise<readonly string[]> =>
      (await store.log.listStreams({ branch: 0, tenant: '', prefix, after: '', limit: 100 })).map(
        ({ stream }) => stream,
      )
    assert.deepEqual(await list('a%'), ['a%-1'])
    assert.deepEqual(await list('a_'), ['a_-1'])
    assert.deepEqual(await list('a*'), ['a*-1'])
    assert.deepEqual(await list('a['), ['a[b]-1'])
    assert.deepEqual(await list('ab-1'), ['ab-1'])
    assert.deepEqual(await list('ab-12'), [])
    assert.deepEqual(await list('\uFFFF'), ['\uFFFF-1'])
    assert.deepEqual(await list('𝄞'), ['𝄞-1'])
  }),

  law('pages of a prefix go on after the last name', async (trial) => {
    const store = await trial.open()
    for (const name of ['a-1', 'b-1', 'b-2', 'b-3', 'c-1']) await record(store, name)
    const page = await store.log.listStreams({ branch: 0, tenant: '', prefix: 'b', after: 'b-1', limit: 100 })
    assert.deepEqual(
      page.map(({ stream }) => stream),
      ['b-2', 'b-3'],
    )
  }),

  law(
    'the position at a time is the first one recorded then or later',
    async (trial) => {
      let now = 0
      const store = await trial.open(() => now)
      for (now of [1_000, 1_000, 2_000, 3_000]) await record(store, 'a-1', 2)
      const at = async (time: number): Promise<number> => store.log.positionAt(0, time)
      assert.deepEqual(
        [await at(0), await at(1_000), await at(1_001), await at(2_000), await at(3_000), await at(3_001)],
        [1, 1, 5, 5, 7, 9],
      )
    },
    'virtualTime',
  ),

  law('the position at a time after the last event is one past the head', async (trial) => {
    const store = await trial.open()
    assert.equal(await store.log.positionAt(0, 0), 1)
    const { recordedAt } = await record(store, 'a-1', 3)
    assert.equal(await store.log.positionAt(0, recordedAt), 1)
    assert.equal(await store.log.positionAt(0, recordedAt + 1), 4)
  }),

  law('a listener hears of appends until it is stopped', async (trial) => {
    const store = await trial.open()
    const heard = Promise.withResolvers<void>()
    let calls = 0
    const stop = store.log.onAppended(() => {
      calls += 1
      heard.resolve()
    })
    await record(store, 'a-1')
    await heard.promise
    stop()
    const callsBefore = calls
    await record(store, 'a-1')
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(calls, callsBefore)
  }),

  law('every listener hears of an append', async (trial) => {
    const store = await trial.open()
    const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    for (const { resolve } of heard) trial.onEnd(store.log.onAppended(() => resolve()))
    await record(store, 'a-1')
    await Promise.all(heard.map(({ promise }) => promise))
  }),

  law('what a listener hears of can be read', async (trial) => {
    const store = await trial.open()
    const heard = Promise.withResolvers<number>()
    trial.onEnd(
      store.log.onAppended(
        // It may be called when nothing was appended, but then once more afterwards.
        () =>
          void store.log
            .head(0)
            .then(({ position }) => position > 0 && heard.resolve(position), heard.reject),
      ),
    )
    await record(store, 'a-1', 3)
    assert.equal(await heard.promise, 3)
  }),

  law('a position that a listener is told has been reached', async (trial) => {
    const store = await trial.open()
    const heard = Promise.withResolvers<void>()
    const check = async (to: number | undefined): Promise<void> => {
      const { position } = await store.log.head(0)
      assert.ok(to === undefined || to <= position, `told of ${to}, at ${position}`)
      if (position === 5) heard.resolve()
    }
    trial.onEnd(store.log.onAppended((to) => void check(to).catch(heard.reject)))
    const other = await otherBranch(store)
    await store.log.append([
      aRequest([to('a-1', 2)]),
      aRequest([to('a-2', 1, 5)]),
      aRequest([to('a-3', 3)]),
      aRequest([to('a-4', 9)], { branch: other }),
    ])
    await heard.promise
  }),
]
