import { external, isHeadwaterError } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'
import { Bureau, Convert, exchange } from './support.ts'

const convert = Convert({ purseId: 'a', amount: 1 })

async function failing(answer: Bureau['answer'], options: Parameters<typeof exchange>[1] = {}) {
  const bureau = new Bureau()
  bureau.answer = answer
  const headwater = await running(exchange(bureau, options).app)
  const error: unknown = await headwater.execute(convert).catch((thrown: unknown) => thrown)
  expect(isHeadwaterError(error)).toBe(true)
  const [call] = await headwater.externals.calls()
  return { error, call, bureau, headwater }
}

describe('an outside that', () => {
  it('hangs is given up after its time limit, and what it says later is nobody’s', async () => {
    const late = Promise.withResolvers<unknown>()
    let signal: AbortSignal | undefined
    const { error, call, headwater } = await failing(
      (_request, context) => {
        signal = context.signal
        return late.promise
      },
      { timeLimit: 5 },
    )
    expect(error).toMatchObject({ code: 'external.timeout' })
    expect(signal?.aborted).toBe(true)
    expect([call?.status, call?.error?.code]).toEqual(['failed', 'external.timeout'])
    late.resolve({ rate: 9 })
    await late.promise
    expect((await headwater.externals.calls())[0]?.status).toBe('failed')
  })

  it('fails late, after its time limit, ends nothing', async () => {
    const late = Promise.withResolvers<unknown>()
    await failing(() => late.promise, { timeLimit: 5 })
    late.reject(new Error('too late to be noticed'))
    await expect(late.promise).rejects.toThrow('too late')
  })

  it('fails is tried again, as often as it may be, with the same key', async () => {
    const bureau = new Bureau()
    bureau.answer = () => {
      if (bureau.asked.length < 3) throw new Error('no line')
      return { rate: 3 }
    }
    const headwater = await running(exchange(bureau, { retries: 2 }).app)
    expect((await headwater.execute(convert)).status).toBe('accepted')
    expect(new Set(bureau.keys).size).toBe(1)
    expect((await headwater.externals.calls())[0]).toMatchObject({ status: 'answered', attempts: 3 })
  })

  it.each([
    ['a text', 'no line', 'no line'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('no line'), 'Symbol(no line)'],
    ['an object', { code: 7 }, '[object Object]'],
    [
      'what can’t be told',
      {
        toString() {
          throw new Error('no text either')
        },
      },
      'something that can’t be shown',
    ],
    ['an error without end', new Error('x'.repeat(100_000)), `${'x'.repeat(1_000)}…`],
  ])('throws %s has failed', async (_what, thrown, message) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others throw may be anything
    const { error, call } = await failing(() => Promise.reject(thrown))
    expect(error).toMatchObject({ code: 'external.failed', message: `exchange-rate failed: ${message}` })
    expect(call?.error).toEqual({ code: 'external.failed', message: `exchange-rate failed: ${message}` })
  })

  it('answers what its schema does not allow is not asked again', async () => {
    const { error, call, bureau } = await failing(() => ({ rate: 'two' }), { retries: 5 })
    expect(error).toMatchObject({ code: 'external.invalid-answer' })
    expect(call?.status).toBe('failed')
    expect(bureau.asked).toHaveLength(1)
  })

  it('answers ten megabytes is refused, and the journal stays small', async () => {
    const { error, call } = await failing(() => ({ text: 'x'.repeat(10_000_000) }), {
      answer: z.object({ text: z.string() }) as never,
    })
    expect(error).toMatchObject({ code: 'external.too-large' })
    expect([call?.status, call?.answerSize]).toEqual(['failed', 0])
  })

  it('answers ten megabytes of which only a little is needed has that journaled', async () => {
    const bureau = new Bureau()
    bureau.answer = () => ({ rate: 2, padding: 'x'.repeat(10_000_000) })
    const headwater = await running(exchange(bureau).app)
    await headwater.execute(convert)
    expect((await headwater.externals.calls())[0]?.answerSize).toBe('{"rate":2}'.length)
  })

  it('answers what would not come back from the journal is refused', async () => {
    const { error } = await failing(() => ({ at: '2026-01-01' }), {
      answer: z.object({ at: z.coerce.date() }) as never,
    })
    expect(error).toMatchObject({
      code: 'external.invalid-answer',
      message: 'The answer of exchange-rate can’t be replayed: at was a Date and came back as a text',
    })
  })

  it('is asked at too great a length is not asked', async () => {
    const bureau = new Bureau()
    const headwater = await running(exchange(bureau).app)
    const command = Convert({ purseId: 'a', amount: 1, to: 'x'.repeat(70_000) })
    await expect(headwater.execute(command)).rejects.toMatchObject({ code: 'external.too-large' })
    expect(bureau.asked).toEqual([])
    expect(await headwater.externals.calls()).toEqual([])
  })

  it('is being asked when Headwater closes has its command finished', async () => {
    const bureau = new Bureau()
    const answer = Promise.withResolvers<unknown>()
    bureau.answer = () => answer.promise
    const headwater = await running(exchange(bureau).app)
    const executing = headwater.execute(convert)
    await until(() => bureau.asked.length === 1)
    const closing = headwater.close()
    answer.resolve({ rate: 2 })
    expect((await executing).status).toBe('accepted')
    await closing
  })
})

describe('what is redacted', () => {
  it('is not journaled, and reaches the code that calls', async () => {
    const bureau = new Bureau()
    bureau.answer = ({ from }) => {
      if (from === 'USD') throw new Error('https://rates.test/?key=hush')
      return { rate: 2.5 }
    }
    const { app: what } = exchange(bureau, {
      redact: {
        request: ({ from }) => ({ from, to: '…' }),
        answer: ({ rate }) => ({ rate: Math.round(rate) }),
        failure: (message) => message.replace(/key=\w+/, 'key=…'),
      },
    })
    const headwater = await running(what)
    await headwater.execute(convert)
    const [event] = (await headwater.readStream('purse-a')).events
    expect(event?.data).toMatchObject({ rate: 2.5 })
    const [call] = await headwater.externals.calls()
    expect([call?.request, call?.answer]).toEqual([{ from: 'EUR', to: '…' }, { rate: 3 }])
    bureau.answer = () => Promise.reject(new Error('https://rates.test/?key=hush'))
    await expect(headwater.execute(convert)).rejects.toMatchObject({
      message: 'exchange-rate failed: https://rates.test/?key=…',
    })
  })
})

describe('the definition of an external', () => {
  const given = { request: z.object({}), answer: z.object({}), call: () => ({}) }

  it.each([
    ['a name that is none', 'exchange rate', {}],
    ['a time limit that is none', 'rate', { timeLimit: 0 }],
    ['less than no retries', 'rate', { retries: -1 }],
    ['answers without bound', 'rate', { longest: Number.POSITIVE_INFINITY }],
    ['calls that are kept for no time', 'rate', { keepFor: 0 }],
  ])('is refused with %s', (_what, name, options) => {
    expect(() => external(name, { ...given, ...options })).toThrowError(
      expect.objectContaining({ code: 'app.invalid' }),
    )
  })

  it('refuses a request that does not fit, with what is wrong', () => {
    const { exchangeRate } = exchange(new Bureau())
    expect(() => exchangeRate({ from: 'EUR' } as never)).toThrowError(
      expect.objectContaining({
        code: 'external.invalid-request',
        issues: [expect.objectContaining({ path: ['to'] })],
      }),
    )
  })

  it('is one of its name in an app', async () => {
    const [one, other] = [exchange(new Bureau()), exchange(new Bureau())]
    const { app: what } = one
    await expect(running({ ...what, externals: [other.exchangeRate] })).rejects.toMatchObject({
      code: 'app.invalid',
      issues: [expect.objectContaining({ message: 'there are two externals of this name' })],
    })
  })
})
