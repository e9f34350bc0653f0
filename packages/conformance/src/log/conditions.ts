import assert from 'node:assert/strict'
import type { AppendCondition, AppendResult, EventQuery, Store } from '@headwater/core'
import { law } from '../law.ts'
import { anEvent, appended, appendOne, aRequest, otherBranch, readAll, statuses, to } from '../make.ts'

type Item = EventQuery['items'][number]

/** Positions 1 to 4: a type and tags each. */
async function withHistory(store: Store): Promise<void> {
  const events = [
    anEvent({ type: 'SeatTaken', tags: ['seat:1', 'show:1'] }),
    anEvent({ type: 'SeatTaken', tags: ['seat:2', 'show:1'] }),
    anEvent({ type: 'SeatFreed', tags: ['seat:1', 'show:1'] }),
    anEvent({ type: 'ShowMoved', tags: [] }),
  ]
  await appended(store.log, aRequest([to('history-1', events)]))
}

function excluding(items: readonly Item[], after = 0): AppendCondition {
  return { query: { items }, after }
}

async function appendUnder(store: Store, ...conditions: readonly AppendCondition[]): Promise<AppendResult> {
  return appendOne(store.log, aRequest([to('new-1')], { conditions }))
}

const failing: readonly (readonly [
  sentence: string,
  items: readonly Item[],
  after: number,
  positions: readonly number[],
])[] = [
  ['an event of the type', [{ types: ['ShowMoved'] }], 0, [4]],
  ['an event of one of several types', [{ types: ['Nothing', 'SeatFreed'] }], 0, [3]],
  ['an event that has the tag', [{ tags: ['seat:2'] }], 0, [2]],
  ['an event that has all of several tags', [{ tags: ['show:1', 'seat:2'] }], 0, [2]],
  ['an event of the type that has the tag', [{ types: ['SeatFreed'], tags: ['seat:1'] }], 0, [3]],
  ['an event that matches any of several items', [{ tags: ['nothing'] }, { types: ['ShowMoved'] }], 0, [4]],
  ['any event, where an item asks for nothing in particular', [{}], 3, [4]],
  ['an event right after the position that was read', [{ tags: ['seat:1'] }], 2, [3]],
  ['one of several events', [{ tags: ['show:1'] }], 1, [2, 3]],
]

const holding: readonly (readonly [sentence: string, items: readonly Item[], after: number])[] = [
  ['there is no event of the type', [{ types: ['Nothing'] }], 0],
  ['there is no event that has the tag', [{ tags: ['seat:3'] }], 0],
  ['a tag is only part of one', [{ tags: ['seat'] }, { tags: ['seat:'] }, { tags: ['eat:1'] }], 0],
  ['no single event has all of the tags', [{ tags: ['seat:1', 'seat:2'] }], 0],
  ['the events of the type have other tags', [{ types: ['SeatFreed'], tags: ['seat:2'] }], 0],
  ['the only match is at the position that was read', [{ tags: ['seat:1'] }], 3],
  ['the query has no items', [], 0],
]

export const conditionLaws = [
  ...failing.map(([sentence, items, after, positions]) =>
    law(`a condition fails because of ${sentence}`, async (trial) => {
      const store = await trial.open()
      await withHistory(store)
      const result = await appendUnder(store, excluding(items, after))
      assert.equal(result.status, 'condition-failed')
      assert.ok(
        'position' in result && positions.includes(result.position ?? 0),
        `position of ${JSON.stringify(result)}`,
      )
      assert.equal((await store.log.head(0)).position, 4)
    }),
  ),

  ...holding.map(([sentence, items, after]) =>
    law(`a condition holds where ${sentence}`, async (trial) => {
      const store = await trial.open()
      await withHistory(store)
      assert.equal((await appendUnder(store, excluding(items, after))).status, 'appended')
    }),
  ),

  law('every condition of a request must hold', async (trial) => {
    const store = await trial.open()
    await withHistory(store)
    const result = await appendUnder(
      store,
      excluding([{ tags: ['seat:3'] }]),
      excluding([{ types: ['ShowMoved'] }]),
    )
    assert.equal(result.status, 'condition-failed')
  }),

  law('a condition that fails in one request leaves the others of the append untouched', async (trial) => {
    const store = await trial.open()
    await withHistory(store)
    const conditions = [excluding([{ tags: ['seat:1'] }])]
    const requests = [aRequest([to('a-1')]), aRequest([to('b-1')], { conditions }), aRequest([to('c-1')])]
    assert.deepEqual(statuses(await store.log.append(requests)), ['appended', 'condition-failed', 'appended'])
    assert.deepEqual(
      (await readAll(store.log)).slice(4).map(({ stream }) => stream),
      ['a-1', 'c-1'],
    )
  }),

  law('of two requests in one append that exclude each other the first one wins', async (trial) => {
    const { log } = await trial.open()
    const conditions = [excluding([{ tags: ['seat:1'] }])]
    const take = (stream: string) => aRequest([to(stream, [anEvent({ tags: ['seat:1'] })])], { conditions })
    assert.deepEqual(statuses(await log.append([take('a-1'), take('b-1')])), ['appended', 'condition-failed'])
  }),

  law('of two requests in one append that exclude each other by type the first one wins', async (trial) => {
    const { log } = await trial.open()
    const conditions = [excluding([{ types: ['SeatTaken'] }])]
    const take = (stream: string) => aRequest([to(stream, [anEvent({ type: 'SeatTaken' })])], { conditions })
    assert.deepEqual(statuses(await log.append([take('a-1'), take('b-1')])), ['appended', 'condition-failed'])
  }),

  law('a condition is not broken by the request’s own events', async (trial) => {
    const { log } = await trial.open()
    const event = anEvent({ tags: ['seat:1'] })
    const conditions = [excluding([{ tags: ['seat:1'] }])]
    await appended(log, aRequest([to('a-1', [event, event])], { conditions }))
  }),

  law('a condition does not see other tenants and branches', async (trial) => {
    const store = await trial.open()
    await withHistory(store)
    const conditions = [excluding([{ tags: ['seat:1'] }, { types: ['ShowMoved'] }])]
    const elsewhere = [
      aRequest([to('a-1')], { conditions, tenant: 'other' }),
      aRequest([to('a-1')], { conditions, branch: await otherBranch(store) }),
    ]
    assert.deepEqual(statuses(await store.log.append(elsewhere)), ['appended', 'appended'])
  }),

  law('a tag may be any text', async (trial) => {
    const { log } = await trial.open()
    const tags = ['ä€𝄞', '%', '_', "'", '"', '\\', '["x"]', 'a,b', ' ']
    await appended(log, aRequest([to('a-1', [anEvent({ tags })])]))
    for (const tag of tags) {
      const result = await appendOne(
        log,
        aRequest([to('b-1')], { conditions: [excluding([{ tags: [tag] }])] }),
      )
      assert.equal(result.status, 'condition-failed', `the tag ${tag} is found`)
    }
  }),
]
