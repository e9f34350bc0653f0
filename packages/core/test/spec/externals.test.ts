import { app, external, HeadwaterError, query, subscription } from '@headwater/core'
import { spec } from '@headwater/core/spec'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Bureau, Convert, Converted, exchange } from '../external/support.ts'

const bureau = new Bureau()
const { exchangeRate, purse, watched } = exchange(bureau)
const hundred = Convert({ purseId: 'a', amount: 100 })

describe('in a specification of an aggregate', () => {
  it('an external answers as it is told, and nothing is called', () => {
    spec(purse)
      .answering(exchangeRate, { rate: 2 })
      .when(hundred)
      .then(Converted({ amount: 100, rate: 2 }))
    expect(bureau.asked).toEqual([])
  })

  it('an answer may depend on the request, and change from one step to the next', () => {
    const byRequest = spec(purse)
      .answering(exchangeRate, ({ to }) => ({ rate: to === 'USD' ? 2 : 3 }))
      .given(hundred)
    byRequest.when(Convert({ purseId: 'a', amount: 1, to: 'GBP' })).then(Converted({ amount: 1, rate: 3 }))
    byRequest
      .answering(exchangeRate, { rate: 9 })
      .when(hundred)
      .then(Converted({ amount: 100, rate: 9 }))
  })

  it.each([
    ['an error is the failure of the outside', new Error('no line'), 'external.failed'],
    ['an error of ours is what it is', new HeadwaterError('external.timeout', 'late'), 'external.timeout'],
  ] as const)('%s', (_what, error, code) => {
    spec(purse).answering(exchangeRate, error).when(hundred).thenFails(code)
  })

  it('what was given no answer is blocked, and says how to give one', () => {
    spec(purse).when(hundred).thenFails('external.blocked')
    expect(() =>
      spec(purse)
        .when(hundred)
        .then(Converted({ amount: 100, rate: 2 })),
    ).toThrow('.answering(theExternal, { … })')
  })

  it('an answer that does not fit its schema is none', () => {
    spec(purse)
      .answering(exchangeRate, { rate: 'two' } as never)
      .when(hundred)
      .thenFails('external.invalid-answer')
  })
})

it('a specification of a subscription gives answers and failures', async () => {
  const { watch } = exchange(bureau)
  const converted = Converted({ amount: 1, rate: 1 })
  await spec(watch).answering(exchangeRate, { rate: 5 }).when('purse-a', converted).thenSendsNothing()
  await spec(watch)
    .answering(exchangeRate, new Error('no line'))
    .when('purse-a', converted)
    .thenThrows('exchange-rate failed: no line')
})

it('a specification of an app gives answers to decisions, subscriptions and queries', async () => {
  await spec(watched)
    .answering(exchangeRate, { rate: 4 })
    .when(hundred)
    .thenRecorded('purse-a', Converted({ amount: 100, rate: 4 }))
  const greeting = external('greeting', {
    request: z.object({ name: z.string() }),
    answer: z.object({ text: z.string() }),
    call: () => Promise.reject(new Error('it is not to be called')),
  })
  const Greet = query('Greet', {
    handle: async (_input, { call }) => (await call(greeting({ name: 'Ada' }))).text,
  })
  await spec(app({ name: 'greeter', queries: [Greet], externals: [greeting] }))
    .answering(greeting, ({ name }) => ({ text: `Hello ${name}` }))
    .thenQuery(Greet(), 'Hello Ada')
})

it('where an app is given no answer, its command is refused and its subscription fails', async () => {
  await spec(watched).when(hundred).thenFails('external.failed')
  const fails = subscription('fails', {
    events: [Converted],
    handle: (_event, { call }) => call(exchangeRate({ from: 'a', to: 'b' })),
  })
  await spec(fails)
    .when('purse-a', Converted({ amount: 1, rate: 1 }))
    .thenThrows(/no answer/)
})
