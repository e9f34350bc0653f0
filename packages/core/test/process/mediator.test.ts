import { app, command, aggregate, event, type RecordedEvent, subscription } from '@headwater/core'
import { firstValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running, until } from '../support/running.ts'

const Audited = event('Audited', z.object({ what: z.string() }))

describe('a subscription in the append’s transaction', () => {
  const audit = subscription('audit', {
    events: [Incremented],
    when: 'in-transaction',
    handle: (fact, { append }) => append('audit-log', [Audited({ what: `${fact.stream}@${fact.revision}` })]),
  })

  it('records what it adds together with the event', async () => {
    const headwater = await running(
      app({ name: 'audited', aggregates: [counter], subscriptions: [audit], events: [Audited] }),
    )
    const outcome = await headwater.execute(Increment({ counterId: 'a' }), { id: 'c' })
    expect(outcome).toMatchObject({ revision: 1, events: [{ id: 'c.1' }, { id: 'c.2', type: 'Audited' }] })
    const [event] = (await headwater.readStream('audit-log')).events
    expect(event).toMatchObject({ data: { what: 'counter-a@1' }, causationId: 'c', position: 2 })
  })

  it('adds to a common stream without losing any under contention', async () => {
    const headwater = await running(
      app({ name: 'audited', aggregates: [counter], subscriptions: [audit], events: [Audited] }),
    )
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => headwater.execute(Increment({ counterId: String(index) }))),
    )
    expect((await headwater.readStream('audit-log', { limit: 1 })).revision).toBe(50)
  })

  it('keeps everything from being recorded if it throws', async () => {
    const veto = subscription('veto', {
      events: [Incremented],
      when: 'in-transaction',
      handle: () => {
        throw new Error('not today')
      },
    })
    const headwater = await running(app({ name: 'vetoed', aggregates: [counter], subscriptions: [veto] }))
    await expect(headwater.execute(Increment({ counterId: 'a' }))).rejects.toMatchObject({
      code: 'subscription.vetoed',
    })
    expect(await headwater.head()).toMatchObject({ position: 0 })
  })
})

describe('a subscription after the commit', () => {
  it('is called before the command’s answer', async () => {
    const sent: string[] = []
    const mail = subscription('mail', {
      events: [Incremented],
      when: 'after-commit',
      handle: async (recorded) => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        sent.push(recorded.id)
      },
    })
    const headwater = await running(app({ name: 'mailing', aggregates: [counter], subscriptions: [mail] }))
    const outcome = await headwater.execute(Increment({ counterId: 'a' }))
    expect(sent).toEqual(outcome.events.map(({ id }) => id))
  })

  const failing = subscription('failing', {
    events: [Incremented],
    when: 'after-commit',
    handle: () => {
      throw new Error('mail server is down')
    },
  })

  it('that fails reaches the error hook, and stops neither the others nor the command', async () => {
    const seen: RecordedEvent[] = []
    const other = subscription('other', {
      events: [Incremented],
      when: 'after-commit',
      handle: (recorded) => void seen.push(recorded),
    })
    const headwater = await running(
      app({ name: 'mailing', aggregates: [counter], subscriptions: [failing, other] }),
    )
    expect(await headwater.execute(Increment({ counterId: 'a' }))).toMatchObject({ status: 'accepted' })
    expect(seen).toHaveLength(1)
    expect(headwater.failures).toMatchObject([
      { error: { message: 'mail server is down' }, source: { subscription: 'failing' } },
    ])
  })

  const timed = (delivery: 'parallel' | 'in-order') => async () => {
    const order: string[] = []
    const slow = (name: string, milliseconds: number) =>
      subscription(name, {
        events: [Incremented],
        when: 'after-commit',
        handle: async () => {
          order.push(`${name} begins`)
          await new Promise((resolve) => setTimeout(resolve, milliseconds))
          order.push(`${name} ends`)
        },
      })
    const headwater = await running(
      app({ name: 'ordered', aggregates: [counter], subscriptions: [slow('first', 20), slow('second', 1)] }),
      {
        delivery,
      },
    )
    await headwater.execute(Increment({ counterId: 'a' }))
    return order
  }

  it('runs beside the others by default', async () => {
    expect((await timed('parallel')()).slice(0, 2)).toEqual(['first begins', 'second begins'])
  })

  it('waits for those defined before it, where order is asked for', async () => {
    expect(await timed('in-order')()).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  })
})

describe('following the log', () => {
  it('gives an RxJS observable of what is recorded from a position on', async () => {
    const headwater = await running(app({ name: 'observed', aggregates: [counter] }))
    await headwater.execute(Increment({ counterId: 'a', by: 1 }))
    const seen = firstValueFrom(headwater.events$({ types: [Incremented] }).pipe(take(3), toArray()))
    await headwater.execute(Increment({ counterId: 'a', by: 2 }))
    await headwater.execute(Increment({ counterId: 'a', by: 3 }))
    expect((await seen).map(({ position }) => position)).toEqual([1, 2, 3])
  })

  it('goes on live with for await, and ends by its signal', async () => {
    const headwater = await running(app({ name: 'followed', aggregates: [counter] }))
    const stop = new AbortController()
    const positions: number[] = []
    const following = (async () => {
      for await (const { position } of headwater.events({ live: true, signal: stop.signal })) {
        positions.push(position)
        if (position === 5) stop.abort()
      }
    })()
    for (let count = 0; count < 5; count += 1) await headwater.execute(Increment({ counterId: 'a' }))
    await following
    expect(positions).toEqual([1, 2, 3, 4, 5])
  })

  it('follows one stream live, without the events of others', async () => {
    const headwater = await running(app({ name: 'followed', aggregates: [counter] }))
    await headwater.execute(Increment({ counterId: 'a' }))
    const seen = firstValueFrom(headwater.stream$('counter-a').pipe(take(3), toArray()))
    for (const counterId of ['b', 'a', 'b', 'a']) await headwater.execute(Increment({ counterId }))
    expect((await seen).map(({ stream, revision }) => `${stream}@${revision}`)).toEqual([
      'counter-a@1',
      'counter-a@2',
      'counter-a@3',
    ])
  })

  it('calls back one event at a time until it is ended', async () => {
    const headwater = await running(app({ name: 'called', aggregates: [counter] }))
    const positions: number[] = []
    let busy = 0
    const end = headwater.subscribe(async ({ position }) => {
      expect(busy).toBe(0)
      busy += 1
      await new Promise(setImmediate)
      busy -= 1
      positions.push(position)
    })
    for (let count = 0; count < 4; count += 1) await headwater.execute(Increment({ counterId: 'a' }))
    await until(() => positions.length === 4)
    end()
    await headwater.execute(Increment({ counterId: 'a' }))
    expect(positions).toEqual([1, 2, 3, 4])
  })

  it('hands a callback’s failure to the error hook', async () => {
    const headwater = await running(app({ name: 'called', aggregates: [counter] }))
    headwater.subscribe(() => {
      throw new Error('no')
    })
    await headwater.execute(Increment({ counterId: 'a' }))
    await until(() => headwater.failures.length === 1)
    expect(headwater.failures).toMatchObject([{ error: { message: 'no' } }])
  })

  it('knows the last position, and that there is none in an empty log', async () => {
    const headwater = await running(app({ name: 'counted', aggregates: [counter] }))
    expect(await headwater.lastPosition()).toBeUndefined()
    await headwater.execute(Increment({ counterId: 'a' }))
    expect(await headwater.lastPosition()).toBe(1)
  })

  it('shows every follower every event once, in order, while many write', async () => {
    const headwater = await running(app({ name: 'followed', aggregates: [counter] }))
    const total = 300
    const follow = async (): Promise<number[]> => {
      const positions: number[] = []
      for await (const { position } of headwater.events({ live: true })) {
        positions.push(position)
        if (position === total) break
      }
      return positions
    }
    const followers = Array.from({ length: 5 }, follow)
    await Promise.all(
      Array.from({ length: total }, (_, index) =>
        headwater.execute(Increment({ counterId: `${index % 40}` })),
      ),
    )
    const expected = Array.from({ length: total }, (_, index) => index + 1)
    for (const positions of await Promise.all(followers)) expect(positions).toEqual(expected)
  })
})

describe('a reaction', () => {
  const Ping = command('Ping', z.object({ pingId: z.string() }))
  const Pinged = event('Pinged', z.object({}))
  const ping = aggregate('ping', {
    events: [Pinged],
    commands: [Ping],
    initial: 0,
    evolve: { Pinged: (count) => count + 1 },
    decide: { Ping: () => Pinged({}) },
  })

  it('sends its command once although the handler is tried again, and tells its cause', async () => {
    let attempts = 0
    const react = subscription('react', {
      events: [Incremented],
      retry: { delay: 1 },
      handle: async (_recorded, { execute, attempt }) => {
        attempts = attempt
        await execute(Ping({ pingId: 'p' }))
        if (attempt < 3) throw new Error('after the command')
      },
    })
    const headwater = await running(
      app({ name: 'reacting', aggregates: [counter, ping], subscriptions: [react] }),
    )
    const cause = await headwater.execute(Increment({ counterId: 'a' }))
    await until(() => attempts === 3)
    expect(await headwater.state(ping, 'p')).toEqual({ state: 1, revision: 1 })
    const trace = await headwater.trace(cause.commandId)
    expect(trace?.commands).toMatchObject([
      { type: 'Increment', causationId: null },
      {
        type: 'Ping',
        causationId: cause.events[0]?.id,
        actor: 'subscription:react',
        correlationId: cause.commandId,
      },
    ])
    expect(trace?.events.map(({ type }) => type)).toEqual(['Incremented', 'Pinged'])
  })
})
