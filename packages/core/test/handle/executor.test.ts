import {
  aggregate,
  app,
  command,
  event,
  HeadwaterError,
  memoryStore,
  openStore,
  systemClock,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { counter, counterWith, Increment, Incremented, Touch } from '../support/counter.ts'
import { running } from '../support/running.ts'

const definition = app({ name: 'counters', aggregates: [counter] })

describe('a command', () => {
  it('records what was decided and answers with its place', async () => {
    const headwater = await running(definition)
    const outcome = await headwater.execute(Increment({ counterId: 'a', by: 2 }), {
      id: 'first',
      actor: 'ada',
    })
    expect(outcome).toEqual({
      status: 'accepted',
      commandId: 'first',
      stream: 'counter-a',
      revision: 1,
      position: 1,
      events: [{ id: 'first.1', type: 'Incremented', revision: 1, position: 1 }],
    })
    const [recorded] = (await headwater.readStream('counter-a')).events
    expect(recorded).toMatchObject({
      id: 'first.1',
      actor: 'ada',
      causationId: 'first',
      correlationId: 'first',
      data: { by: 2 },
    })
  })

  it('may yield no event', async () => {
    const headwater = await running(definition)
    expect(await headwater.execute(Touch({ counterId: 'a' }))).toMatchObject({
      status: 'accepted',
      revision: 0,
      events: [],
    })
  })

  it('is rejected with a typed reason, and the rejection can be a fact', async () => {
    const headwater = await running(definition)
    const outcome = await headwater.execute(Increment({ counterId: 'a', by: 2_000 }))
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'limit-reached', message: 'The counter is full', data: { limit: 1_000 } },
      events: [{ type: 'LimitReached', revision: 1 }],
    })
  })

  it('is refused with the path of what is wrong', async () => {
    const headwater = await running(definition)
    const refused = await headwater
      .executeRaw('Increment', { counterId: 'a', by: 'many' })
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(HeadwaterError)
    expect(refused).toMatchObject({ code: 'command.invalid', issues: [{ path: ['by'] }] })
  })

  it('of an unknown type is refused', async () => {
    const headwater = await running(definition)
    await expect(headwater.executeRaw('Decrement', {})).rejects.toMatchObject({ code: 'command.unknown' })
  })

  it('is refused where its sender may not send it, before the state is looked at', async () => {
    const Reset = command('Reset', z.object({ counterId: z.string() }), {
      authorize: (actor) => actor === 'root' || 'only root may reset',
    })
    const guarded = aggregate('counter', {
      events: [Incremented],
      commands: [Reset],
      initial: 0,
      evolve: { Incremented: (state, { data }) => state + data.by },
      decide: { Reset: () => Incremented({ by: 0 }) },
    })
    const headwater = await running(app({ name: 'guarded', aggregates: [guarded] }))
    await expect(headwater.execute(Reset({ counterId: 'a' }), { actor: 'ada' })).rejects.toMatchObject({
      code: 'command.forbidden',
      message: 'only root may reset',
    })
    expect(await headwater.execute(Reset({ counterId: 'a' }), { actor: 'root' })).toMatchObject({
      status: 'accepted',
    })
  })

  it('whose decision throws records nothing and says so', async () => {
    const Explode = command('Explode', z.object({ bombId: z.string() }))
    const bomb = aggregate('bomb', {
      events: [Incremented],
      commands: [Explode],
      initial: 0,
      evolve: { Incremented: (state) => state },
      decide: {
        Explode: () => {
          throw new Error('boom')
        },
      },
    })
    const headwater = await running(app({ name: 'bombs', aggregates: [bomb] }))
    await expect(headwater.execute(Explode({ bombId: 'a' }))).rejects.toMatchObject({
      code: 'command.failed',
    })
    expect((await headwater.head()).position).toBe(0)
  })

  it('whose events its own aggregate can’t fold records nothing', async () => {
    const Arm = command('Arm', z.object({ bombId: z.string() }))
    const bomb = aggregate('bomb', {
      events: [Incremented],
      commands: [Arm],
      initial: 0,
      evolve: {
        Incremented: () => {
          throw new Error('unfoldable')
        },
      },
      decide: { Arm: () => Incremented({ by: 1 }) },
    })
    const headwater = await running(app({ name: 'bombs', aggregates: [bomb] }))
    await expect(headwater.execute(Arm({ bombId: 'a' }))).rejects.toMatchObject({ code: 'command.failed' })
    expect((await headwater.head()).position).toBe(0)
  })
})

describe('an expected revision', () => {
  it('is decided on, or nothing is', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a' }))
    await expect(
      headwater.execute(Increment({ counterId: 'a' }), { expectedRevision: 0 }),
    ).rejects.toMatchObject({
      code: 'command.revision-mismatch',
      details: { expected: 0, actual: 1 },
    })
    expect(await headwater.execute(Increment({ counterId: 'a' }), { expectedRevision: 1 })).toMatchObject({
      revision: 2,
    })
  })

  it('lets one of many racers through', async () => {
    const headwater = await running(definition)
    const racers = Array.from({ length: 64 }, () =>
      headwater.execute(Increment({ counterId: 'a' }), { expectedRevision: 0 }),
    )
    const results = await Promise.allSettled(racers)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('a command id', () => {
  it('has one effect and the same answer, however often it is sent', async () => {
    const headwater = await running(definition)
    const send = () => headwater.execute(Increment({ counterId: 'a' }), { id: 'once' })
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await headwater.state(counter, 'a')).toEqual({ state: { value: 1 }, revision: 1 })
  })

  it('gets the same rejection again although the command would be accepted by now', async () => {
    const headwater = await running(definition)
    const first = await headwater.execute(Increment({ counterId: 'a', by: 2_000 }), { id: 'refused' })
    expect(await headwater.execute(Increment({ counterId: 'a', by: 2_000 }), { id: 'refused' })).toEqual(
      first,
    )
  })

  it('gets its answer although the revision it expected has passed by its own effect', async () => {
    const headwater = await running(definition)
    const options = { id: 'retry', expectedRevision: 0 }
    const first = await headwater.execute(Increment({ counterId: 'a' }), options)
    expect(await headwater.execute(Increment({ counterId: 'a' }), options)).toEqual(first)
  })

  it('is refused for another payload, another actor and another type', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a' }), { id: 'mine', actor: 'ada' })
    const refused = { code: 'command.id-reused' }
    await expect(
      headwater.execute(Increment({ counterId: 'a', by: 7 }), { id: 'mine', actor: 'ada' }),
    ).rejects.toMatchObject(refused)
    await expect(
      headwater.execute(Increment({ counterId: 'a' }), { id: 'mine', actor: 'eve' }),
    ).rejects.toMatchObject(refused)
    await expect(
      headwater.execute(Touch({ counterId: 'a' }), { id: 'mine', actor: 'ada' }),
    ).rejects.toMatchObject(refused)
  })

  it('belongs to its tenant', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a' }), { id: 'shared', tenant: 'one' })
    await headwater.execute(Increment({ counterId: 'a' }), { id: 'shared', tenant: 'two' })
    expect(await headwater.state(counter, 'a', { tenant: 'one' })).toMatchObject({ revision: 1 })
    expect(await headwater.state(counter, 'a', { tenant: 'two' })).toMatchObject({ revision: 1 })
    expect(await headwater.state(counter, 'a')).toMatchObject({ revision: 0 })
  })
})

describe.each(['optimistic', 'queue', 'lock'] as const)('under contention, %s', (concurrency) => {
  const contended = counterWith(concurrency)
  const contendedApp = app({ name: 'contended', aggregates: [contended] })

  it('loses no update and exceeds no limit', async () => {
    const headwater = await running(contendedApp)
    const commands = Array.from({ length: 120 }, () =>
      headwater.execute(Increment({ counterId: 'hot', by: 10 })),
    )
    const outcomes = await Promise.all(commands)
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(100)
    expect(await headwater.state(contended, 'hot')).toMatchObject({ state: { value: 1_000 } })
  })

  it('loses no update between two processes’ worth of caches', async () => {
    const store = memoryStore()
    const open = () =>
      openStore(contendedApp, { ...store, close: async () => undefined }, { processors: false })
    const [one, other] = await Promise.all([open(), open()])
    const commands = Array.from({ length: 60 }, (_, index) =>
      (index % 2 === 0 ? one : other).execute(Increment({ counterId: 'hot' })),
    )
    await Promise.all(commands)
    expect(await one.state(contended, 'hot')).toEqual({ state: { value: 60 }, revision: 60 })
    await Promise.all([one.close(), other.close()])
  })
})

describe('a lock', () => {
  it('is given up after its time limit, with a clear error', async () => {
    const store = memoryStore()
    const locked = aggregate('counter', {
      events: [Incremented],
      commands: [Increment],
      initial: 0,
      evolve: { Incremented: (state, { data }) => state + data.by },
      decide: { Increment: (_state, { by }) => Incremented({ by }) },
      concurrency: { mode: 'lock', timeLimit: 50 },
    })
    const headwater = await running(app({ name: 'locked', aggregates: [locked] }), { store })
    const lease = await store.leases.acquire('lock:/counter-a', 'somebody else', 60_000)
    await expect(headwater.execute(Increment({ counterId: 'a' }))).rejects.toMatchObject({
      code: 'lock.timeout',
    })
    if (lease !== undefined) await store.leases.release(lease)
    expect(await headwater.execute(Increment({ counterId: 'a' }))).toMatchObject({ status: 'accepted' })
  })
})

describe('a decision', () => {
  it('gets its time and ids from its context only, the same for a repeat', async () => {
    const Opened = event('AccountOpened', z.object({ id: z.string(), owner: z.string(), at: z.string() }))
    const Open = command('OpenAccount', z.object({ accountId: z.string(), email: z.string() }))
    const account = aggregate('account', {
      events: [Opened],
      commands: [Open],
      initial: null as null | string,
      evolve: { AccountOpened: (_state, { data }) => data.id },
      decide: {
        OpenAccount: (_state, { email }, { id, now }) =>
          Opened({ id: id(), owner: id(`email:${email}`), at: now.toISOString() }),
      },
    })
    const definition = app({ name: 'accounts', aggregates: [account] })
    const open = async (commandId: string, accountId: string) => {
      const headwater = await running(definition, {
        clock: { ...systemClock, now: () => Date.UTC(2018, 1, 1) },
      })
      await headwater.execute(Open({ accountId, email: 'ada@example.org' }), { id: commandId })
      const [opened] = (await headwater.readStream(`account-${accountId}`)).events
      return opened?.data as { id: string; owner: string; at: string }
    }
    const [first, again, other] = [await open('c1', 'x'), await open('c1', 'x'), await open('c2', 'y')]
    expect(again).toEqual(first)
    expect(other.id).not.toBe(first.id)
    expect(other.owner).toBe(first.owner)
    expect(first.at).toBe('2018-02-01T00:00:00.000Z')
  })
})

describe('the command log', () => {
  it('keeps every intent with what it read and what became of it', async () => {
    const headwater = await running(definition)
    await headwater.execute(Increment({ counterId: 'a' }), { id: 'one', actor: 'ada' })
    await headwater.execute(Increment({ counterId: 'a', by: 2_000 }), { id: 'two' })
    expect(await headwater.commands()).toMatchObject([
      {
        sequence: 1,
        id: 'one',
        type: 'Increment',
        payload: { counterId: 'a', by: 1 },
        actor: 'ada',
        status: 'accepted',
        reads: { streams: [['counter-a', 0]] },
        events: 1,
      },
      {
        sequence: 2,
        id: 'two',
        status: 'rejected',
        reason: { code: 'limit-reached' },
        reads: { streams: [['counter-a', 1]] },
      },
    ])
  })
})

describe('interceptors', () => {
  it('see each command and its outcome, the first one outermost, and may refuse it', async () => {
    const seen: string[] = []
    const headwater = await running(
      app({
        name: 'intercepted',
        aggregates: [counter],
        interceptors: [
          async (inFlight, next) => {
            seen.push(`before ${inFlight.command.type}`)
            const outcome = await next(inFlight)
            seen.push(`after ${outcome.status}`)
            return outcome
          },
          async (inFlight, next) => {
            if (inFlight.options.actor === 'eve') throw new HeadwaterError('command.forbidden', 'not you')
            return next({ ...inFlight, options: { ...inFlight.options, actor: 'audited' } })
          },
        ],
      }),
    )
    await headwater.execute(Increment({ counterId: 'a' }))
    await expect(headwater.execute(Increment({ counterId: 'a' }), { actor: 'eve' })).rejects.toMatchObject({
      code: 'command.forbidden',
    })
    expect(seen).toEqual(['before Increment', 'after accepted', 'before Increment'])
    expect(await headwater.commands()).toMatchObject([{ actor: 'audited' }])
  })
})

describe('closing', () => {
  it('finishes the commands that were begun and refuses those that come later', async () => {
    const headwater = await openStore(definition, memoryStore())
    const begun = Promise.all(
      Array.from({ length: 20 }, (_, index) => headwater.execute(Increment({ counterId: String(index) }))),
    )
    const closed = headwater.close()
    expect(await begun).toHaveLength(20)
    await expect(headwater.execute(Increment({ counterId: 'a' }))).rejects.toMatchObject({
      code: 'log.closed',
    })
    await closed
  })
})
