import {
  app,
  context,
  type Headwater,
  HeadwaterError,
  query,
  type QueryContext,
  type QueryInterceptor,
  view,
} from '@headwater/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running } from '../support/running.ts'

const totals = view('totals', {
  events: [Incremented],
  initial: { total: 0, name: '' },
  on: { Incremented: (doc, { data, aggregateId }) => ({ total: doc.total + data.by, name: aggregateId }) },
  search: ['name'],
})

const GetTotal = query('GetTotal', {
  input: z.object({ counterId: z.string(), factor: z.number().default(1) }),
  output: z.object({ total: z.number(), revision: z.number() }).optional(),
  handle: async ({ counterId, factor }, { view, state }) => {
    const item = await view(totals).get(counterId)
    const { revision } = await state(counter, counterId)
    return item && { total: item.doc.total * factor, revision }
  },
})

/** Runs an app with a query of which only the handler matters. */
async function asking<Answer>(
  handle: (context: QueryContext, headwater: Headwater) => Answer | Promise<Answer>,
  parts: { timeLimit?: number; authorize?: (actor: string | null) => boolean | string } = {},
) {
  const Ask = query('Ask', { handle: (_: undefined, context) => handle(context, headwater), ...parts })
  const headwater = await running(
    app({ name: 'asking', aggregates: [counter], views: [totals], queries: [Ask] }),
  )
  return { headwater, Ask }
}

describe('a query', () => {
  it('is answered from views and states, with its input and its answer made valid', async () => {
    const headwater = await running(
      app({ name: 'totals', aggregates: [counter], views: [totals], queries: [GetTotal] }),
    )
    const { position } = await headwater.execute(Increment({ counterId: 'a', by: 4 }))
    const waitFor = position ?? 0
    expect(await headwater.query(GetTotal({ counterId: 'a', factor: 2 }), { waitFor })).toEqual({
      total: 8,
      revision: 1,
    })
    expect(await headwater.queryRaw('GetTotal', { counterId: 'a', other: 1 })).toEqual({
      total: 4,
      revision: 1,
    })
    expect(await headwater.query(GetTotal({ counterId: 'b' }))).toBeUndefined()
  })

  it('sees nothing but its own tenant', async () => {
    const { headwater, Ask } = await asking(async ({ view, state, stream, events, tenant }) => {
      const { items } = await view(totals).list()
      return {
        tenant,
        keys: items.map(({ key }) => key),
        all: await Array.fromAsync(view(totals).all(), ({ key }) => key),
        found: (await view('totals').list({ search: 'c' })).items.length,
        revision: (await state(counter, 'c1')).revision,
        stream: await Array.fromAsync(stream('counter-c1'), ({ tenant }) => tenant),
        events: await Array.fromAsync(events({ types: [Incremented] }), ({ data }) => data.by),
      }
    })
    const nothing = { keys: [], all: [], found: 0, revision: 0, stream: [], events: [] }
    await headwater.execute(Increment({ counterId: 'c1', by: 3 }), { tenant: 'acme' })
    const options = { waitFor: 'head' as const, timeLimit: 60_000 }
    expect(await headwater.query(Ask(), { ...options, tenant: 'acme' })).toEqual({
      tenant: 'acme',
      keys: ['c1'],
      all: ['c1'],
      found: 1,
      revision: 1,
      stream: ['acme'],
      events: [3],
    })
    expect(await headwater.query(Ask(), { ...options, tenant: 'acme2', timeLimit: 300 })).toMatchObject(
      nothing,
    )
  })

  it('waits until every view that it reads shows what is recorded when it is asked', async () => {
    const { headwater, Ask } = await asking(async ({ view }) => (await view(totals).get('a'))?.doc.total)
    for (let count = 1; count <= 20; count += 1) {
      await headwater.execute(Increment({ counterId: 'a' }))
      expect(await headwater.query(Ask(), { waitFor: 'head' })).toBe(count)
    }
    await expect(headwater.query(Ask(), { waitFor: 10_000, timeLimit: 20 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(query\.timeout|view\.wait-timeout)$/),
    })
  })

  it('asks other queries as the same actor, of the same tenant', async () => {
    const Inner = query('Inner', {
      handle: (_: undefined, { actor, tenant, now }) => ({ actor, tenant, now: now.getTime() }),
    })
    const Outer = query('Outer', { handle: (_: undefined, { query }) => query(Inner()) })
    const headwater = await running(app({ name: 'nested', queries: [Inner, Outer] }))
    expect(await headwater.query(Outer(), { actor: 'ada', tenant: 't1' })).toMatchObject({
      actor: 'ada',
      tenant: 't1',
    })
  })

  it('takes nothing where it says so', async () => {
    const { headwater, Ask } = await asking(() => 1)
    expect(await headwater.queryRaw('Ask', {})).toBe(1)
    expect(await headwater.queryRaw('Ask', undefined)).toBe(1)
    expect(await headwater.query(Ask())).toBe(1)
    await expect(headwater.queryRaw('Ask', { a: 1 })).rejects.toMatchObject({ code: 'query.invalid' })
  })
})

describe('a query changes nothing:', () => {
  const attempts: Record<string, (headwater: Headwater) => unknown> = {
    'it sends no command': (headwater) => headwater.execute(Increment({ counterId: 'a' })),
    'it sends no command from outside': (headwater) => headwater.executeRaw('Increment', { counterId: 'a' }),
    'it appends no event': (headwater) => headwater.append('counter-a', [Incremented({ by: 1 })]),
    'it appends no events in several streams': (headwater) =>
      headwater.appendAll([{ stream: 'counter-a', events: [Incremented({ by: 1 })] }]),
    'not after a while either': async (headwater) => {
      await sleep(1)
      await headwater.execute(Increment({ counterId: 'a' }))
    },
  }

  it.each(Object.entries(attempts))('%s', async (_, attempt) => {
    const { headwater, Ask } = await asking((_context, running) => attempt(running))
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'query.side-effect' })
    expect((await headwater.head()).position).toBe(0)
  })

  it('nor does what it leaves behind, which only it is told of', async () => {
    const { headwater, Ask } = await asking((_context, running) => {
      running.dispatch(Increment({ counterId: 'a' }), {})
      return 'done'
    })
    expect(await headwater.query(Ask())).toBe('done')
    await headwater.execute(Increment({ counterId: 'b' }))
    expect(headwater.failures).toMatchObject([{ error: { code: 'query.side-effect' } }])
    expect((await headwater.head()).position).toBe(1)
  })

  it('but who asked may, and so may an interceptor', async () => {
    const log: QueryInterceptor = async (inFlight, next) => {
      const answer = await next(inFlight)
      await headwater.append('audit-1', [Incremented({ by: 1 })])
      return answer
    }
    const Ask = query('Ask', { handle: () => 1 })
    const headwater = await running(
      app({ name: 'audited', events: [Incremented], queries: [Ask], queryInterceptors: [log] }),
    )
    expect(await headwater.query(Ask())).toBe(1)
    expect((await headwater.head()).position).toBe(1)
  })
})

describe('a query is refused', () => {
  it.each([
    [false, 'An anonymous actor may not ask Ask'],
    ['Only on Sundays', 'Only on Sundays'],
  ])('where its authorization says %j', async (answer, message) => {
    const { headwater, Ask } = await asking(() => 1, { authorize: () => answer })
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'query.forbidden', message })
  })

  it('for whom it is not meant', async () => {
    const { headwater, Ask } = await asking(() => 1, { authorize: (actor) => actor === 'root' })
    expect(await headwater.query(Ask(), { actor: 'root' })).toBe(1)
    await expect(headwater.query(Ask(), { actor: 'ada' })).rejects.toMatchObject({ code: 'query.forbidden' })
  })

  it('with input that is invalid, in code and from outside, saying where', async () => {
    const headwater = await running(
      app({ name: 'a', views: [totals], aggregates: [counter], queries: [GetTotal] }),
    )
    expect(() => GetTotal({ counterId: 1 as never })).toThrow(
      expect.objectContaining({ code: 'query.invalid' }),
    )
    await expect(headwater.queryRaw('GetTotal', { counterId: 'a', factor: 'x' })).rejects.toMatchObject({
      code: 'query.invalid',
      issues: [{ path: ['factor'] }],
    })
  })

  it('by a name that no query has', async () => {
    const { headwater } = await asking(() => 1)
    await expect(headwater.queryRaw('Nothing', {})).rejects.toMatchObject({ code: 'query.unknown' })
    const Foreign = query('Foreign', { handle: () => 1 })
    await expect(headwater.query(Foreign())).rejects.toMatchObject({ code: 'query.unknown' })
  })

  it('of a tenant that has no name', async () => {
    const { headwater, Ask } = await asking(() => 1)
    for (const tenant of ['a b', '-a', 'a\u0000', 'a'.repeat(64), '*', '../x'])
      await expect(headwater.query(Ask(), { tenant })).rejects.toMatchObject({ code: 'tenant.invalid-name' })
  })

  it('where Headwater is closing', async () => {
    const { headwater, Ask } = await asking(() => 1)
    await headwater.close()
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'log.closed' })
  })
})

describe('a query fails', () => {
  it('by what its handler throws, which is the cause', async () => {
    const { headwater, Ask } = await asking(() => {
      throw new TypeError('no such column')
    })
    await expect(headwater.query(Ask())).rejects.toMatchObject({
      code: 'query.failed',
      message: 'Query Ask failed: no such column',
      cause: expect.any(TypeError),
    })
  })

  it('by an error of ours as it is', async () => {
    const { headwater, Ask } = await asking(({ view }) => view(totals).list({ cursor: 'nonsense' }))
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'view.invalid-query' })
  })

  it('by an answer that is not what it says it gives', async () => {
    const Ask = query('Ask', { output: z.object({ n: z.int() }), handle: () => ({ n: 0.5 }) })
    const headwater = await running(app({ name: 'a', queries: [Ask] }))
    await expect(headwater.query(Ask())).rejects.toMatchObject({
      code: 'query.invalid-answer',
      issues: [{ path: ['n'] }],
    })
  })

  it('when its time is over, of which its handler is told', async () => {
    const told = vi.fn<() => void>()
    const { headwater, Ask } = await asking(
      ({ signal }) => {
        signal.addEventListener('abort', told)
        return new Promise(() => undefined)
      },
      { timeLimit: 20 },
    )
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'query.timeout' })
    expect(told).toHaveBeenCalledOnce()
  })

  it('when who asked goes away', async () => {
    const leave = new AbortController()
    const { headwater, Ask } = await asking(() => {
      queueMicrotask(() => leave.abort())
      return new Promise(() => undefined)
    })
    await expect(headwater.query(Ask(), { signal: leave.signal })).rejects.toMatchObject({
      code: 'query.timeout',
    })
    await expect(headwater.query(Ask(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'query.timeout',
    })
  })

  it('while it reads a log without end', async () => {
    const { headwater, Ask } = await asking(
      async ({ events }) => {
        for (;;) {
          for await (const event of events()) if (event.position > 1) return event
          await sleep(1)
        }
      },
      { timeLimit: 50 },
    )
    await headwater.execute(Increment({ counterId: 'a' }))
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'query.timeout' })
  })
})

describe('interceptors of queries', () => {
  it('see every query, the first one outermost, and may change it or its answer', async () => {
    const seen: string[] = []
    const note =
      (name: string): QueryInterceptor =>
      async (inFlight, next) => {
        seen.push(`${name} asks ${inFlight.query.type} of ${inFlight.options.tenant}`)
        const answer = await next({ ...inFlight, options: { ...inFlight.options, actor: name } })
        seen.push(`${name} has ${String(answer)}`)
        return `${name}:${String(answer)}`
      }
    const Who = query('Who', { handle: (_: undefined, { actor }) => actor })
    const headwater = await running(
      app({ name: 'who', queries: [Who], queryInterceptors: [note('one'), note('two')] }),
    )
    expect(await headwater.query(Who(), { tenant: 't' })).toBe('one:two:two')
    expect(seen).toEqual(['one asks Who of t', 'two asks Who of t', 'two has two', 'one has two:two'])
  })

  it('may refuse it', async () => {
    const refuse: QueryInterceptor = async () => {
      throw new HeadwaterError('query.forbidden', 'Not today')
    }
    const handle = vi.fn<() => number>()
    const Ask = query('Ask', { handle })
    const headwater = await running(app({ name: 'a', queries: [Ask], queryInterceptors: [refuse] }))
    await expect(headwater.query(Ask())).rejects.toMatchObject({
      code: 'query.forbidden',
      message: 'Not today',
    })
    expect(handle).not.toHaveBeenCalled()
  })
})

describe('the definition of queries', () => {
  it('gives each a name of its own', async () => {
    const one = query('Same', { handle: () => 1 })
    const other = query('Same', { handle: () => 2 })
    const both = app({
      name: 'a',
      contexts: [context('x', { queries: [one] }), context('y', { queries: [other] })],
    })
    await expect(running(both)).rejects.toMatchObject({
      code: 'app.invalid',
      issues: [{ path: ['y', 'Same'], message: 'there are two queries of this name' }],
    })
  })

  it.each(['', 'get it', '1st'])('refuses the name %j', (name) => {
    expect(() => query(name, { handle: () => 1 })).toThrow(expect.objectContaining({ code: 'app.invalid' }))
  })

  it('is in the catalog', async () => {
    const { catalog } = await running(
      app({ name: 'totals', aggregates: [counter], views: [totals], queries: [GetTotal] }),
    )
    expect(catalog.queries).toMatchObject([
      {
        name: 'GetTotal',
        context: 'totals',
        description: null,
        input: { type: 'object', required: ['counterId'] },
        output: { type: 'object', required: ['total', 'revision'] },
      },
    ])
  })
})
