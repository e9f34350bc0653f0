import { app, memoryStore, type View, view, type ViewLifecycle } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running } from '../support/running.ts'

interface Total {
  readonly total: number
  readonly last: string
}

/** One definition, three lifecycles. */
const totalsAs = (name: string, lifecycle: ViewLifecycle): View<string, Total> =>
  view(name, {
    events: [Incremented],
    key: (event) => ['all', event.aggregateId],
    initial: { total: 0, last: '' } as Total,
    on: {
      Incremented: (document, { id, data }) =>
        data.by === 13 ? null : { total: document.total + data.by, last: id },
    },
    indexes: ['total'],
    lifecycle,
  })

const views = [totalsAs('async', 'async'), totalsAs('inline', 'inline'), totalsAs('live', 'live')] as const
const definition = app({ name: 'totals', aggregates: [counter], views: [...views] })

describe('one definition of a view', () => {
  it('gives the same documents inline, asynchronously and live, whatever happens at the same time', async () => {
    const commands = fc.array(
      fc.record({ counterId: fc.constantFrom('a', 'b', 'c'), by: fc.constantFrom(1, 2, 13) }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const headwater = await running(definition)
        const outcomes = await Promise.all(list.map((data) => headwater.execute(Increment(data))))
        const waitFor = Math.max(0, ...outcomes.map(({ position }) => position ?? 0))
        const [later, inline, live] = await Promise.all(
          views.map(async (defined) => (await headwater.view(defined).list({ waitFor })).items),
        )
        expect(inline).toEqual(later)
        expect(live).toEqual(later)
        await headwater.close()
      }),
      { numRuns: 25 },
    )
  })

  it('is read as it stands right after the command, inline and live', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a', by: 4 }))
    expect(await headwater.view(views[1]).get('a')).toMatchObject({ doc: { total: 4 }, position: 1 })
    expect(await headwater.view(views[2]).get('a')).toMatchObject({ doc: { total: 4 }, position: 1 })
  })

  it('keeps an inline document right for two processes that share it', async () => {
    const store = { ...memoryStore(), close: async () => undefined }
    const [one, other] = [
      await running(definition, { store, processors: false }),
      await running(definition, { store, processors: false }),
    ]
    const commands = Array.from({ length: 60 }, (_, index) =>
      (index % 2 === 0 ? one : other).execute(Increment({ counterId: `${index}` })),
    )
    await Promise.all(commands)
    expect(await one.view(views[1]).get('all')).toMatchObject({ doc: { total: 60 } })
  })
})

describe('a view', () => {
  it('parks the key whose fold throws, and goes on with the others', async () => {
    const fragile = view('fragile', {
      events: [Incremented],
      initial: { total: 0 },
      on: {
        Incremented: (document, { data, aggregateId }) => {
          if (aggregateId === 'bad') throw new Error('unfoldable')
          return { total: document.total + data.by }
        },
      },
    })
    const headwater = await running(app({ name: 'fragile', aggregates: [counter], views: [fragile] }))
    for (const counterId of ['good', 'bad', 'good', 'bad']) await headwater.execute(Increment({ counterId }))
    expect(await headwater.view(fragile).get('good', { waitFor: 4 })).toMatchObject({ doc: { total: 2 } })
    expect(await headwater.processors[0]?.parked.list()).toMatchObject([
      { sequence: 'bad', position: 2, attempts: 1, error: 'Error: unfoldable' },
      { sequence: 'bad', position: 4, attempts: 0 },
    ])
  })

  it('refuses an append that an inline fold can’t take', async () => {
    const strict = view('strict', {
      events: [Incremented],
      lifecycle: 'inline',
      initial: { total: 0 },
      on: {
        Incremented: () => {
          throw new Error('unfoldable')
        },
      },
    })
    const headwater = await running(app({ name: 'strict', aggregates: [counter], views: [strict] }))
    await expect(headwater.execute(Increment({ counterId: 'a' }))).rejects.toMatchObject({
      code: 'subscription.vetoed',
    })
    expect(await headwater.head()).toMatchObject({ position: 0 })
  })

  it('gives a document of its own to each tenant', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a', by: 1 }), { tenant: 'one' })
    await headwater.execute(Increment({ counterId: 'a', by: 2 }), { tenant: 'two' })
    for (const defined of views) {
      const reader = headwater.view(defined)
      expect(await reader.get('a', { tenant: 'one', waitFor: 2 })).toMatchObject({ doc: { total: 1 } })
      expect(await reader.get('a', { tenant: 'two', waitFor: 2 })).toMatchObject({ doc: { total: 2 } })
      expect(await reader.get('a', { waitFor: 2 })).toBeUndefined()
    }
  })

  it('says so when it does not reach a position in time', async () => {
    const headwater = await running(definition)
    await expect(headwater.view(views[0]).get('a', { waitFor: 99, timeLimit: 30 })).rejects.toMatchObject({
      code: 'view.wait-timeout',
    })
  })

  it('is listed with its lag', async () => {
    const headwater = await running(definition)
    const { position = 0 } = await headwater.execute(Increment({ counterId: 'a' }))
    await headwater.view(views[0]).get('a', { waitFor: position })
    expect(await headwater.views()).toMatchObject([
      { name: 'async', lifecycle: 'async', position: 1, lag: { events: 0, seconds: 0 } },
      { name: 'inline', lifecycle: 'inline', position: 1 },
      { name: 'live', lifecycle: 'live', position: 1 },
    ])
  })
})

describe('a query', () => {
  const filled = async () => {
    const headwater = await running(definition)
    for (let index = 0; index < 25; index += 1)
      await headwater.execute(Increment({ counterId: `c${index}`, by: index % 5 }))
    return headwater.view(views[1])
  }

  it('filters, sorts and pages without loss or repeat', async () => {
    const reader = await filled()
    const keys: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof reader.list>> = await reader.list({
        filter: { total: { gte: 2 }, $key: { prefix: 'c' } },
        sort: '-total',
        limit: 4,
        ...(cursor !== null && { cursor }),
      })
      keys.push(...page.items.map(({ key, doc }) => `${doc.total}:${key}`))
      cursor = page.cursor
    } while (cursor !== null)
    expect(keys).toHaveLength(15)
    expect(new Set(keys).size).toBe(15)
    expect(keys.map((key) => Number(key.split(':')[0]))).toEqual([
      ...Array(5).fill(4),
      ...Array(5).fill(3),
      ...Array(5).fill(2),
    ])
  })

  it('goes through all documents page by page', async () => {
    const reader = await filled()
    let count = 0
    for await (const _item of reader.all({ limit: 3 })) count += 1
    expect(count).toBe(26)
  })

  it.each([
    [{ filter: { 'total; DROP TABLE events': 1 } }],
    [{ filter: { total: { like: 'x' } as never } }],
    [{ sort: 'total desc' }],
    [{ limit: 0 }],
    [{ cursor: 'nonsense' }],
    [{ filter: { total: { in: 3 } } }],
  ])('that is not understood is refused: %j', async (query) => {
    const reader = await filled()
    await expect(reader.list(query)).rejects.toMatchObject({ code: 'view.invalid-query' })
  })

  it('refuses the cursor of a query with another sort', async () => {
    const reader = await filled()
    const { cursor } = await reader.list({ sort: 'total', limit: 2 })
    await expect(reader.list({ sort: '-total', limit: 2, cursor: cursor ?? '' })).rejects.toMatchObject({
      code: 'view.invalid-query',
    })
  })
})
