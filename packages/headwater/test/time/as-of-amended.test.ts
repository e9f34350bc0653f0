import {
  app,
  type Branch,
  event,
  type Headwater,
  memoryStore,
  type Moment,
  openStore,
  view,
  type ViewItem,
} from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { storesOf } from '../support/stores.ts'

const Noted = event('Noted', z.object({ key: z.string(), text: z.string() }))
const Cleared = event('Cleared', z.object({ key: z.string() }))

/** The order of its events shows, and a document may go and come again. */
const texts = view('texts', {
  events: [Noted, Cleared],
  key: ({ data }) => data.key,
  initial: { texts: '', count: 0 },
  on: {
    Noted: ({ texts, count }, { data }) => ({ texts: (texts + data.text).slice(-12), count: count + 1 }),
    Cleared: () => null,
  },
})
/** One document of all events, which may come in any order. */
const hot = view('hot', {
  events: [Noted, Cleared],
  key: () => 'all',
  initial: { notes: 0, weight: 0, cleared: 0 },
  on: {
    Noted: (doc, { data }) => ({ ...doc, notes: doc.notes + 1, weight: doc.weight + weightOf(data.text) }),
    Cleared: (doc) => ({ ...doc, cleared: doc.cleared + 1 }),
  },
  undo: {
    Noted: (doc, { data }) => ({ ...doc, notes: doc.notes - 1, weight: doc.weight - weightOf(data.text) }),
    Cleared: (doc) => ({ ...doc, cleared: doc.cleared - 1 }),
  },
})
const weightOf = (text: string): number => text.codePointAt(0) ?? 0
const notes = app({ name: 'notes', events: [Noted, Cleared], views: [texts, hot] })
const silent = { onError: () => undefined }
const why = 'it was so'
const dayOf = (day: number): Date => new Date(Date.UTC(2026, 0, 1 + day))

const step = fc.record({
  does: fc.constantFrom('note', 'note', 'note', 'clear', 'omit', 'replace', 'insert', 'first', 'restore'),
  stream: fc.constantFrom('book-1', 'book-2'),
  key: fc.constantFrom('a', 'a', 'b'),
  text: fc.constantFrom('p', 'q', 'r', 's'),
  day: fc.integer({ min: 0, max: 6 }),
  of: fc.nat(),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

type Amending = Pick<Branch, 'append' | 'amend' | 'ignore' | 'correct' | 'restore' | 'event'>

/** @param ids of all events, inserted ones included, which it adds to */
async function take(headwater: Amending, ids: string[], one: Step): Promise<void> {
  const occurredAt = dayOf(one.day)
  const noted = one.does === 'clear' ? Cleared({ key: one.key }, { occurredAt }) : Noted(one, { occurredAt })
  const id = ids[one.of % Math.max(1, ids.length)]
  if (one.does === 'note' || one.does === 'clear' || id === undefined) {
    const { events } = await headwater.append(one.stream, [noted])
    ids.push(...events.map((event) => event.id))
  } else if (one.does === 'omit') await headwater.ignore(id, { why })
  else if (one.does === 'restore') await headwater.restore(id, { why })
  else if (one.does === 'replace') await headwater.correct(id, noted, { why })
  else {
    const stream = (await headwater.event(id))?.stream ?? ''
    const edit = one.does === 'first' ? { insert: noted, first: stream } : { insert: noted, after: id }
    const { amendments } = await headwater.amend([edit], { why })
    ids.push(...amendments.map((amendment) => amendment.id))
  }
}

/** Records enough for versions that are kept, some of which amendments make useless. */
async function fill(headwater: Amending, ids: string[]): Promise<void> {
  const many = Array.from({ length: 300 }, (_, index) =>
    Noted({ key: 'a', text: `${index % 10}` }, { occurredAt: dayOf(3) }),
  )
  const { events } = await headwater.append('book-1', many)
  ids.push(...events.map(({ id }) => id))
}

/** All documents, folded at once from what belonged to the moment, and one by one, by their keys. */
async function both(headwater: Headwater, at: Moment) {
  const all: ViewItem<unknown>[] = await Array.fromAsync(headwater.view(texts).all({ at }))
  const one = await Promise.all(['a', 'b'].map((key) => headwater.view(texts).get(key, { at })))
  return { all, one: one.filter((item) => item !== undefined) }
}

const shown = ({ key, doc }: ViewItem<unknown>) => [key, doc]

describe.each(
  storesOf('as-of-amended'),
)('a document as of a moment of an amended log, with %s,', (name, make) => {
  it('is what folding all that belonged to the moment gives', async () => {
    const steps = fc.tuple(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 16 }))
    await fc.assert(
      fc.asyncProperty(steps, async ([isLong, all]) => {
        const headwater = await openStore(notes, await make(), silent)
        const ids: string[] = []
        if (isLong) await fill(headwater, ids)
        for (const one of all) await take(headwater, ids, one)
        const head = (await headwater.lastPosition()) ?? 0
        const positions = Array.from({ length: all.length + 1 }, (_, index) => head - index)
        for (const at of [...positions, ...[1, 3, 6].map(dayOf)]) {
          const found = await both(headwater, at)
          expect(found.one.map(shown)).toEqual(found.all.map(shown))
        }
        await headwater.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 3 : 12 },
    )
  })
})

/** One that counts the events that are read in the order of the log, and of them those that are asked for by their types. */
function countingStore() {
  const store = memoryStore()
  const rows = { count: 0, ofTypes: 0 }
  const counting = {
    ...store,
    log: new Proxy(store.log, {
      get: (log, name, receiver) => {
        const value: unknown = Reflect.get(log, name, receiver)
        if (name !== 'read' || typeof value !== 'function')
          return typeof value === 'function' ? value.bind(log) : value
        return async (query: { readonly types?: readonly string[] }) => {
          const page = await value.call(log, query)
          rows.count += page.events.length
          if (query.types !== undefined) rows.ofTypes += page.events.length
          return page
        }
      },
    }),
  }
  return { store: counting, rows }
}

const steps = (maxLength: number) => fc.array(step, { maxLength })

async function documentsOf(on: Branch | Headwater) {
  const waitFor = (await on.lastPosition()) ?? 0
  const sum = (await on.view(hot).get('all', { waitFor }))?.doc ?? { notes: 0, weight: 0, cleared: 0 }
  return [
    await Promise.all(['a', 'b'].map(async (key) => (await on.view(texts).get(key, { waitFor }))?.doc)),
    sum,
  ]
}

describe.each(
  storesOf('amended-branch'),
)('a document of a branch of a log whose past is indexed, with %s,', (name, make) => {
  it('is what it would be if all had been recorded and amended on main', async () => {
    const histories = fc.tuple(fc.boolean(), steps(8), steps(6), steps(4), steps(4))
    await fc.assert(
      fc.asyncProperty(histories, async ([isLong, past, first, meanwhile, second]) => {
        const headwater = await openStore(notes, await make(), silent)
        const model = await openStore(notes, memoryStore(), silent)
        const ids: string[] = []
        const modelIds: string[] = []
        if (isLong) await fill(headwater, ids)
        if (isLong) await fill(model, modelIds)
        for (const one of past) await take(headwater, ids, one)
        for (const one of past) await take(model, modelIds, one)
        const at = (await headwater.lastPosition()) ?? 0
        await headwater.view(texts).get('a', { at })
        await headwater.branches.create('one')
        const mainIds = [...ids]
        for (const one of first) await take(headwater.branch('one'), ids, one)
        for (const one of meanwhile) await take(headwater, mainIds, one)
        for (const one of first) await take(model, modelIds, one)
        expect(await documentsOf(headwater.branch('one'))).toEqual(await documentsOf(model))
        await headwater.branches.create('two', { from: 'one' })
        for (const one of second) await take(headwater.branch('two'), ids, one)
        for (const one of second) await take(model, modelIds, one)
        expect(await documentsOf(headwater.branch('two'))).toEqual(await documentsOf(model))
        await headwater.close()
        await model.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 4 : 12 },
    )
  }, 180_000)
})

it('a branch that omits an event reads what concerns its key, not the log, and nothing where it can be undone', async () => {
  const { store, rows } = countingStore()
  const headwater = await openStore(notes, store, silent)
  const some = Array.from({ length: 500 }, (_, index) => Noted({ key: `k${index % 50}`, text: 'x' }))
  for (let round = 0; round < 12; round += 1) await headwater.append('book-1', some)
  const { events } = await headwater.readEvents({ after: 3_006, limit: 1 })
  await headwater.view(texts).get('k7', { at: 6_000 })
  for (const { name } of [texts, hot]) await headwater.view(name).get('', { waitFor: 6_000 })
  await headwater.branches.create('one')
  const branch = headwater.branch('one')
  await branch.ignore(events[0]?.id ?? '', { why })
  rows.ofTypes = 0
  const { documents } = await branch.diff()
  expect(documents.map(({ key, branch: doc }) => [key, doc])).toMatchObject([
    ['all', { notes: 5_999 }],
    ['k6', { count: 119 }],
  ])
  // Reads without types look for the event by its id.
  expect(rows.ofTypes).toBeLessThan(100)
  await headwater.close()
})

it('a document as of a position costs the same after an amendment of another one', async () => {
  const { store, rows } = countingStore()
  const headwater = await openStore(notes, store, silent)
  const some = Array.from({ length: 500 }, (_, index) => Noted({ key: `k${index % 50}`, text: 'x' }))
  for (let round = 0; round < 10; round += 1) await headwater.append('book-1', some)
  const { events } = await headwater.append('book-2', [Noted({ key: 'a', text: 'p' })])
  await headwater.view(texts).get('k7', { at: 4_000 })
  await headwater.ignore(events[0]?.id ?? '', { why })
  await headwater.append('book-2', some)
  await headwater.processor('texts').waitFor((await headwater.lastPosition()) ?? 0)
  await headwater.view(texts).get('k7', { at: 5_400 })
  rows.count = 0
  for (const at of [100, 3_000, 5_450]) await headwater.view(texts).get('k7', { at })
  expect(await headwater.view(texts).get('a', { at: 5_001 })).toMatchObject({ doc: { count: 1 } })
  expect(await headwater.view(texts).get('a', { at: 5_002 })).toBeUndefined()
  expect(rows.count).toBe(0)
  await headwater.close()
})
