import { aggregate, app, memoryStore, type ExternalCallSummary, type Headwater } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { running } from '../support/running.ts'
import { Bureau, Convert, Converted, exchange, Note } from './support.ts'

const rates = async (headwater: Headwater, stream: string): Promise<readonly unknown[]> =>
  (await headwater.readStream(stream)).events.map(({ data }) => (data as { rate: number }).rate)

const shown = ({ external, caller, number, status, request, answer }: ExternalCallSummary) => {
  return [external, caller.kind, caller.name, caller.id, number, status, request, answer]
}

describe('a decision that asks the outside', () => {
  it('is made with the answer, which is journaled and stands in what the command read', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    const outcome = await headwater.execute(Convert({ purseId: 'a', amount: 10 }), { id: 'c-1' })
    expect(outcome.status).toBe('accepted')
    expect(await rates(headwater, 'purse-a')).toEqual([1])
    const calls = await headwater.externals.calls()
    const request = { from: 'EUR', to: 'USD' }
    expect(calls.map(shown)).toEqual([
      ['exchange-rate', 'command', 'Convert', 'c-1', 1, 'answered', request, { rate: 1 }],
    ])
    expect(calls[0]?.idempotencyKey).toBe(bureau.keys[0])
    const [command] = await headwater.commands()
    expect(command?.reads.externals).toEqual([['exchange-rate', calls[0]?.sequence]])
  })

  it('asks only for what it comes to', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    await headwater.execute(Convert({ purseId: 'a', amount: 1_000 }))
    const outcome = await headwater.execute(Convert({ purseId: 'a', amount: 1 }))
    expect(outcome.status).toBe('rejected')
    expect(bureau.asked).toHaveLength(1)
    expect((await headwater.commands())[1]?.reads.externals).toBeUndefined()
  })

  it('is made again with the same answer where its stream has moved meanwhile', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    const inTime = Promise.withResolvers<void>()
    bureau.answer = async ({ to }) => {
      if (to === 'USD') await inTime.promise
      return { rate: to === 'USD' ? 2 : 3 }
    }
    const slow = headwater.execute(Convert({ purseId: 'a', amount: 1 }))
    await headwater.execute(Convert({ purseId: 'a', amount: 1, to: 'GBP' }))
    inTime.resolve()
    expect((await slow).revision).toBe(2)
    expect(await rates(headwater, 'purse-a')).toEqual([3, 2])
    expect(bureau.asked).toHaveLength(2)
  })

  it('asks one thing after the other, the same thing twice included', async () => {
    const bureau = new Bureau()
    const { exchangeRate, purse } = exchange(bureau)
    const twice = aggregate('purse', {
      events: [Converted],
      commands: [Convert],
      initial: purse.initial,
      evolve: { Converted: (state) => state },
      decide: {
        Convert: (_state, { amount }, { answer }) => {
          const there = answer(exchangeRate({ from: 'EUR', to: 'USD' }))
          const again = answer(exchangeRate({ from: 'EUR', to: 'USD' }))
          const back = answer(exchangeRate({ from: 'USD', to: 'EUR' }))
          return [there, again, back].map(({ rate }) => Converted({ amount, rate }))
        },
      },
    })
    const headwater = await running(app({ name: 'x', aggregates: [twice], externals: [exchangeRate] }))
    await headwater.execute(Convert({ purseId: 'a', amount: 1 }))
    expect(await rates(headwater, 'purse-a')).toEqual([1, 2, 3])
    expect(new Set(bureau.keys).size).toBe(3)
    expect((await headwater.commands())[0]?.reads.externals).toHaveLength(3)
  })

  it('decides in vain where it catches what tells it to wait', async () => {
    const bureau = new Bureau()
    const { exchangeRate } = exchange(bureau)
    const stubborn = aggregate('purse', {
      events: [Converted],
      commands: [Convert],
      initial: {},
      evolve: { Converted: (state) => state },
      decide: {
        Convert: (_state, { amount }, { answer }) => {
          try {
            return Converted({ amount, ...answer(exchangeRate({ from: 'EUR', to: 'USD' })) })
          } catch {
            return Converted({ amount, rate: -1 })
          }
        },
      },
    })
    const headwater = await running(app({ name: 'x', aggregates: [stubborn], externals: [exchangeRate] }))
    await headwater.execute(Convert({ purseId: 'a', amount: 1 }))
    bureau.answer = () => Promise.reject(new Error('no line'))
    await headwater.execute(Convert({ purseId: 'a', amount: 1 }))
    expect(await rates(headwater, 'purse-a')).toEqual([1, -1])
    // The failure that it decided upon is part of what it read.
    expect((await headwater.commands())[1]?.reads.externals).toEqual([['exchange-rate', 2]])
  })

  it('that asks for something else each time fails, and does not go on for ever', async () => {
    const bureau = new Bureau()
    const { exchangeRate } = exchange(bureau)
    let asked = 0
    const restless = aggregate('purse', {
      events: [Converted],
      commands: [Convert],
      initial: {},
      evolve: { Converted: (state) => state },
      decide: {
        Convert: (_state, { amount }, { answer }) =>
          Converted({ amount, ...answer(exchangeRate({ from: 'EUR', to: `${(asked += 1)}` })) }),
      },
    })
    const headwater = await running(app({ name: 'x', aggregates: [restless], externals: [exchangeRate] }))
    await expect(headwater.execute(Convert({ purseId: 'a', amount: 1 }))).rejects.toMatchObject({
      code: 'command.failed',
      message: expect.stringContaining('more than 100 answers'),
    })
    expect(bureau.asked).toHaveLength(100)
  })

  it('fails with the outside, and asks again with the same key when it is sent again', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    bureau.answer = () => Promise.reject(new Error('no line'))
    const command = Convert({ purseId: 'a', amount: 1 })
    await expect(headwater.execute(command, { id: 'c-1' })).rejects.toMatchObject({
      code: 'external.failed',
      message: 'exchange-rate failed: no line',
    })
    expect((await headwater.externals.calls()).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['failed', 1],
    ])
    bureau.answer = () => ({ rate: 5 })
    expect((await headwater.execute(command, { id: 'c-1' })).status).toBe('accepted')
    expect(bureau.keys[0]).toBe(bureau.keys[1])
    expect(bureau.asked.map(({ attempt }) => attempt)).toEqual([1, 2])
    const [call, ...others] = await headwater.externals.calls()
    expect(others).toEqual([])
    expect([call?.status, call?.attempts, call?.error]).toEqual(['answered', 2, null])
  })

  it('is refused where the app does not name the external', async () => {
    const { purse } = exchange(new Bureau())
    const headwater = await running(app({ name: 'x', aggregates: [purse] }))
    await expect(headwater.execute(Convert({ purseId: 'a', amount: 1 }))).rejects.toMatchObject({
      code: 'external.unknown',
    })
  })
})

describe('a command that is sent again', () => {
  it('gets its stored answer without a call, also where the journal has forgotten it', async () => {
    const bureau = new Bureau()
    const store = memoryStore()
    const headwater = await running(exchange(bureau).app, { store })
    const command = Convert({ purseId: 'a', amount: 1 })
    const outcome = await headwater.execute(command, { id: 'c-1' })
    expect(await headwater.execute(command, { id: 'c-1' })).toEqual(outcome)
    await store.externals.prune({ branch: 0, before: Date.now() + 1, limit: 10 })
    expect(await headwater.execute(command, { id: 'c-1' })).toEqual(outcome)
    expect(bureau.asked).toHaveLength(1)
  })

  it('at the same time makes its call once, in one process and in two', async () => {
    const bureau = new Bureau()
    const store = memoryStore()
    const { app: what } = exchange(bureau)
    const one = await running(what, { store })
    const other = await running(what, { store })
    const command = Convert({ purseId: 'a', amount: 1 })
    const sent = [one, one, other, other].map((headwater) => headwater.execute(command, { id: 'c-1' }))
    const outcomes = await Promise.all(sent)
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
    expect(new Set(bureau.keys).size).toBe(1)
    // Two processes may both reach out, with one key; the first answer is the one for both.
    expect(bureau.asked.length).toBeLessThanOrEqual(2)
    expect(await rates(one, 'purse-a')).toHaveLength(1)
    expect(await one.externals.calls()).toHaveLength(1)
  })
})

describe('a handler that calls the outside', () => {
  it('gets an answer for each call, and has them in what its command read', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    await headwater.execute(Note({ noteId: 'a' }))
    expect(await rates(headwater, 'note-a')).toEqual([1, 2])
    expect((await headwater.externals.calls()).map(({ number }) => number)).toEqual([2, 1])
    expect((await headwater.commands())[0]?.reads.externals).toHaveLength(2)
  })

  it('that is called again by a lost race gets the same answers', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    await Promise.all(Array.from({ length: 4 }, () => headwater.execute(Note({ noteId: 'a' }))))
    const found = await rates(headwater, 'note-a')
    expect(new Set(found)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]))
    expect(bureau.asked).toHaveLength(8)
  })
})
