import {
  aggregate,
  app,
  command,
  event,
  type Headwater,
  historyKey,
  historyView,
  type ViewLifecycle,
} from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { changesBetween } from '../../src/view/changes.ts'
import { running } from '../support/running.ts'
import { lasting, process } from '../support/views.ts'

const Renamed = event('Renamed', z.object({ name: z.string() }))
const TagAdded = event('TagAdded', z.object({ tag: z.string() }))
const Rename = command('Rename', z.object({ noteId: z.string(), name: z.string() }))
const AddTag = command('AddTag', z.object({ noteId: z.string(), tag: z.string() }))

const note = aggregate('note', {
  events: [Renamed, TagAdded],
  commands: [Rename, AddTag],
  initial: { name: '', tags: [] as readonly string[] },
  evolve: {
    Renamed: (state, { data }) => ({ ...state, name: data.name }),
    TagAdded: (state, { data }) => ({ ...state, tags: [...state.tags, data.tag] }),
  },
  decide: {
    Rename: (_state, { name }) => Renamed({ name }),
    AddTag: (_state, { tag }) => TagAdded({ tag }),
  },
})

const histories = (lifecycle: ViewLifecycle, pageSize = 3) =>
  historyView('notes', note, { pageSize, lifecycle })
const notesApp = (...given: Parameters<typeof histories>) =>
  app({ name: 'notes', aggregates: [note], views: [histories(...given)] })

async function pagesOf(headwater: Headwater, id: string, waitFor: number) {
  const { items } = await headwater
    .view(histories('async'))
    .list({ filter: { aggregateId: id }, sort: 'page', waitFor, limit: 1_000 })
  return items.map(({ key, doc }) => ({ key, ...doc }))
}

describe('the history of an aggregate', () => {
  it('tells which event changed what, when, and by whom', async () => {
    const headwater = await running(notesApp('async'))
    await headwater.execute(Rename({ noteId: 'n1', name: 'first' }), { actor: 'ada' })
    const { position } = await headwater.execute(AddTag({ noteId: 'n1', tag: 'red' }))
    const item = await headwater.view(histories('async')).get('n1', { waitFor: position })
    expect(item?.doc).toMatchObject({
      aggregateId: 'n1',
      page: 1,
      next: null,
      state: { name: 'first', tags: ['red'] },
      entries: [
        {
          revision: 1,
          type: 'Renamed',
          by: 'ada',
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          changed: [{ path: 'name', before: '', after: 'first' }],
          data: { name: 'first' },
        },
        { revision: 2, by: null, changed: [{ path: 'tags.0', before: null, after: 'red' }] },
      ],
    })
  })

  it('goes on in further documents, each of which finds the state that the one before ended with', async () => {
    const headwater = await running(notesApp('async'))
    let waitFor = 0
    for (let n = 1; n <= 8; n += 1)
      waitFor = (await headwater.execute(Rename({ noteId: 'n1', name: `name ${n}` }))).position ?? 0
    const pages = await pagesOf(headwater, 'n1', waitFor)
    expect(
      pages.map(({ key, next, entries }) => [key, next, entries.map(({ revision }) => revision)]),
    ).toEqual([
      ['n1', 'n1/2', [1, 2, 3]],
      ['n1/2', 'n1/3', [4, 5, 6]],
      ['n1/3', null, [7, 8]],
    ])
    expect(pages[1]?.entries[0]?.changed).toEqual([{ path: 'name', before: 'name 3', after: 'name 4' }])
  })

  it('is the same however it is fed, however many events are recorded at once, and when it is rebuilt', async () => {
    const steps = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'b/2', 'b/1'), many: fc.integer({ min: 1, max: 5 }) }),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const results: unknown[] = []
        for (const lifecycle of ['async', 'inline', 'live'] as const) {
          const headwater = await process(lasting(), notesApp(lifecycle))
          let waitFor = 0
          for (const [index, { id, many }] of list.entries()) {
            const events = Array.from({ length: many }, (_, n) => Renamed({ name: `${index}.${n}` }))
            waitFor = (await headwater.append(`note-${id}`, events, { id: `append ${index}` })).position
          }
          const read = async () => {
            const { items } = await headwater.view(histories(lifecycle)).list({ waitFor, limit: 1_000 })
            return items.map(({ key, doc }) => [key, JSON.stringify(doc).replaceAll(/"at":"[^"]+"/g, '')])
          }
          results.push(await read())
          if (lifecycle !== 'live') {
            await (await headwater.rebuild('notes')).done()
            results.push(await read())
          }
          for (const { aggregateId } of (
            await headwater.view(histories(lifecycle)).list({ limit: 1_000 })
          ).items.map(({ doc }) => doc)) {
            const { events } = await headwater.readStream(`note-${aggregateId}`)
            const keys = Array.from({ length: Math.ceil(events.length / 3) }, (_, n) =>
              historyKey(aggregateId, n + 1),
            )
            const pages = await Promise.all(keys.map((key) => headwater.view(histories(lifecycle)).get(key)))
            expect(pages.flatMap((page) => page?.doc.entries.map(({ eventId }) => eventId))).toEqual(
              events.map(({ id }) => id),
            )
          }
          await headwater.close()
        }
        for (const result of results) expect(result).toEqual(results[0])
      }),
      { numRuns: 12 },
    )
  })

  it('keeps documents small, however long a stream is', async () => {
    const headwater = await running(
      app({ name: 'notes', aggregates: [note], views: [historyView('notes', note)] }),
    )
    let position = 0
    for (let batch = 0; batch < 10; batch += 1) {
      const events = Array.from({ length: 100 }, (_, n) =>
        Renamed({ name: `${batch}.${n}${'x'.repeat(3_000)}` }),
      )
      position = (await headwater.append('note-long', events)).position
    }
    const sizes: number[] = []
    for await (const { doc } of headwater.view('notes').all({ waitFor: position }))
      sizes.push(JSON.stringify(doc).length)
    expect(sizes).toHaveLength(20)
    expect(Math.max(...sizes)).toBeLessThan(50 * 1_000)
  })

  it('leaves events of other streams out', async () => {
    const headwater = await running(
      app({ name: 'notes', aggregates: [note], views: [histories('async')], events: [Renamed] }),
    )
    const { position } = await headwater.append('draft-1', [Renamed({ name: 'x' })])
    expect((await headwater.view('notes').list({ waitFor: position })).items).toEqual([])
  })

  it('keeps a state that is no JSON by how it is written', async () => {
    const Seen = event('Seen', z.object({ what: z.string() }))
    const seen = aggregate('seen', {
      events: [Seen],
      commands: [],
      initial: new Set<string>(),
      evolve: { Seen: (state, { data }) => new Set([...state, data.what]) },
      decide: {},
    })
    const history = historyView('sightings', seen, {
      pageSize: 1,
      write: (state) => [...state],
      read: (written) => new Set(written as string[]),
    })
    const headwater = await running(app({ name: 'seen', aggregates: [seen], views: [history] }))
    const { position } = await headwater.append('seen-1', [Seen({ what: 'a' }), Seen({ what: 'b' })])
    const item = await headwater.view(history).get('1/2', { waitFor: position })
    expect(item?.doc).toMatchObject({
      state: ['a', 'b'],
      entries: [{ changed: [{ path: '1', before: null, after: 'b' }] }],
    })
  })

  it.each([
    [{ pageSize: 0 }],
    [{ pageSize: 1.5 }],
    [{ pageSize: 1_001 }],
    [{ write: () => 1 }],
  ])('refuses %j', (options) => {
    expect(() => historyView('notes', note, options)).toThrow(
      expect.objectContaining({ code: 'app.invalid' }),
    )
  })
})

describe('the keys of pages', () => {
  it('are different ones for different pages, whatever the ids are', () => {
    const part = fc.constantFrom('a', '1', '2', '/', '/1', '/2', 'b')
    const page = fc.record({
      id: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
      n: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(page, page, (one, other) => {
        const isSame = one.id === other.id && one.n === other.n
        expect(historyKey(one.id, one.n) === historyKey(other.id, other.n)).toBe(isSame)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the changes between two values', () => {
  it('are none where they are the same, and make one the other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        expect(changesBetween(one, structuredClone(one), 10)).toEqual([])
        if (JSON.stringify(one) === JSON.stringify(other)) return
        const [first] = changesBetween(one, other, 1_000)
        // Nothing and null are told as the same.
        const [expected, found] = first === undefined ? [withoutNulls(other), withoutNulls(one)] : []
        expect(found).toEqual(expected)
      }),
    )
  })

  it('are no more than asked for, and say how many others there are', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${n}`, n]))
    const changes = changesBetween({}, many, 10)
    expect(changes).toHaveLength(11)
    expect(changes.at(-1)).toEqual({ path: '', before: '… and 20 more', after: '… and 20 more' })
  })

  it('tell the length of what is long', () => {
    expect(changesBetween('', 'x'.repeat(5_000), 10)).toEqual([
      { path: '', before: '', after: '… 5002 characters' },
    ])
  })
})

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls)
    while (items.length > 0 && (items.at(-1) ?? null) === null) items.pop()
    return items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, withoutNulls(item)]),
  )
}
