import {
  app,
  event,
  type Forecast,
  type Headwater,
  isHeadwaterError,
  lookOn,
  memoryStore,
  openStore,
  view,
  type View,
} from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { storesOf } from '../support/stores.ts'
import { Deposit, wallet, wallets, Withdraw } from '../support/wallets.ts'

const Sold = event('Sold', z.object({ shop: z.string(), pence: z.number() }))

const takings = view('takings', {
  events: [Sold],
  key: ({ data }) => data.shop,
  initial: { pence: 0, last: '' },
  // What was sold for nothing closes the shop, and a fold that minds the order.
  on: {
    Sold: ({ pence }, { data, occurredAt }) =>
      data.pence === 0 ? null : { pence: pence * 2 + data.pence, last: occurredAt.toISOString() },
  },
  lifecycle: 'live',
})
const shops = app({ name: 'shops', events: [Sold], views: [takings] })
const silent = { onError: () => undefined }

const dayOf = (day: number): Date => new Date(Date.UTC(2026, 0, 1 + day))
const sale = fc.record({
  shop: fc.constantFrom('a', 'b'),
  pence: fc.integer({ min: 0, max: 9 }),
  // Within the day, and with some that are recorded late.
  day: fc.integer({ min: 0, max: 90 }).map((tenth) => tenth / 10),
})

async function sell(to: Headwater, sales: readonly { shop: string; pence: number; day: number }[]) {
  const ids: string[] = []
  for (const { shop, pence, day } of sales) {
    const { events } = await to.append(`till-${shop}`, [Sold({ shop, pence }, { occurredAt: dayOf(day) })])
    ids.push(...events.map(({ id }) => id))
  }
  return ids
}

const valueOf = async (of: View, headwater: Headwater, key: string, at: Date): Promise<number> => {
  const item = await headwater.view(of).get(key, { at })
  return (item?.doc as { readonly pence: number } | undefined)?.pence ?? 0
}

describe.each(storesOf('predicting'))('the past of a forecast, with %s,', (name, make) => {
  it('is what the documents were as of the end of each period', async () => {
    const some = fc.tuple(
      fc.array(sale, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(some, async ([sales, omitted]) => {
        const headwater = await openStore(shops, await make(), silent)
        // Enough days for any forecast, whatever is drawn.
        const ids = await sell(headwater, [{ shop: 'c', pence: 1, day: -3 }, ...sales])
        for (const index of omitted)
          await headwater.ignore(ids[1 + (index % sales.length)] ?? '', { why: 'never sold' })
        const asked = { field: 'pence', every: 'day', horizon: 2, to: dayOf(10.5) } as const
        const [all, ofA] = await Promise.all([
          headwater.forecast(takings, asked),
          headwater
            .forecast('takings', { ...asked, key: 'a', from: dayOf(0), method: 'naive' })
            .catch(tooShort),
        ])
        expect(all.past.map(({ from }) => from)).toEqual(
          Array.from({ length: 13 }, (_, index) => dayOf(index - 3)),
        )
        for (const { to, value } of all.past) {
          const end = new Date(to.getTime() - 1)
          const values = await Promise.all(
            ['a', 'b', 'c'].map((key) => valueOf(takings, headwater, key, end)),
          )
          expect(value).toBe(values.reduce((sum, one) => sum + one, 0))
        }
        for (const { to, value } of ofA?.past ?? [])
          expect(value).toBe(await valueOf(takings, headwater, 'a', new Date(to.getTime() - 1)))
        await headwater.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 4 : 15 },
    )
  })
})

/** The first sale of a shop may be too late to learn anything. */
function tooShort(error: unknown): undefined {
  if (isHeadwaterError(error, 'forecast.too-short')) return undefined
  throw error
}

describe('a forecast', () => {
  it('continues what is sold each day by the method that did best, and says how well', async () => {
    const headwater = await openStore(sums, memoryStore(), silent)
    // Ten more on each day, and twice as much on Saturdays.
    const days = Array.from({ length: 70 }, (_, day) => ({
      shop: 'a',
      pence: (100 + 10 * day) * (day % 7 === 2 ? 2 : 1),
      day: day + 0.5,
    }))
    await sell(headwater, days)
    const forecast: Forecast = await headwater.forecast(summed, {
      field: 'pence',
      measure: 'change',
      every: 'day',
      horizon: 7,
      to: dayOf(70),
    })
    expect(forecast.past.map(({ value }) => value)).toEqual(days.map(({ pence }) => pence))
    expect(forecast.method).toBe('holt-winters')
    expect(forecast.season).toBe(7)
    expect(forecast.tried.map(({ method }) => method)).toContain('naive')
    expect(forecast.future.map(({ from }) => from)).toEqual(
      Array.from({ length: 7 }, (_, index) => dayOf(70 + index)),
    )
    for (const { value, low, high } of forecast.future) {
      expect(value).toBeGreaterThan(low)
      expect(value).toBeLessThan(high)
    }
    const naive = forecast.tried.find(({ method }) => method === 'naive')
    expect(forecast.trial.meanError).toBeLessThan((naive?.meanError ?? 0) / 2)
    await headwater.close()
  })

  it('is of the documents of one tenant', async () => {
    const headwater = await openStore(sums, memoryStore(), silent)
    await sell(headwater, [{ shop: 'a', pence: 3, day: 0 }])
    const theirs = [Sold({ shop: 'a', pence: 50 }, { occurredAt: dayOf(0) })]
    await headwater.append('till-a', theirs, { tenant: 'acme' })
    const asked = { field: 'pence', every: 'day', horizon: 1, to: dayOf(9) } as const
    const last = async (tenant: string) =>
      (await headwater.forecast(summed, { ...asked, tenant })).past.at(-1)?.value
    expect([await last(''), await last('acme')]).toEqual([3, 50])
    await expect(last('globex')).rejects.toMatchObject({ code: 'forecast.too-short' })
    await headwater.close()
  })

  it('refuses what it could only guess', async () => {
    const headwater = await openStore(sums, memoryStore(), silent)
    await sell(headwater, [
      { shop: 'a', pence: 1, day: 0 },
      { shop: 'a', pence: 2, day: 3 },
    ])
    const asked = { field: 'pence', every: 'day', horizon: 3, to: dayOf(5) } as const
    const codes = await Promise.all(
      [
        asked,
        { ...asked, to: dayOf(20), method: 'holt-winters' as const, season: 12 },
        { ...asked, to: dayOf(20), field: 'last' },
        { ...asked, horizon: 0 },
        { ...asked, level: 1 },
        { ...asked, timeZone: 'Nowhere/At_All' },
        { ...asked, season: 1 },
        { ...asked, every: 'hour' as const, to: dayOf(200) },
      ].map((options) =>
        headwater.forecast(summed, options).then(
          () => undefined,
          (error: unknown) => isHeadwaterError(error) && error.code,
        ),
      ),
    )
    expect(codes).toEqual([
      'forecast.too-short',
      'forecast.too-short',
      'forecast.not-numeric',
      ...Array.from({ length: 5 }, () => 'forecast.invalid'),
    ])
    await headwater.close()
  })
})

const summed = view('summed', {
  events: [Sold],
  key: () => 'all',
  initial: { pence: 0, last: '' },
  on: { Sold: ({ pence }, { data }) => ({ pence: pence + data.pence, last: data.shop }) },
  lifecycle: 'live',
})
const sums = app({ name: 'sums', events: [Sold], views: [summed] })

describe.each(storesOf('hypotheses'))('a prediction, with %s,', (_name, make) => {
  it('says what would come of commands, and leaves nothing', async () => {
    const headwater = await openStore(wallets, await make(), silent)
    await headwater.execute(Deposit({ walletId: 'a', amount: 50 }))
    const before = await headwater.head()
    const [monday, friday] = [new Date('2030-03-04T09:00Z'), new Date('2030-03-08T09:00Z')]
    const { outcomes, diff, now, seen } = await headwater.predict({
      commands: [
        { command: Withdraw({ walletId: 'a', amount: 40 }), at: monday },
        { command: Withdraw({ walletId: 'a', amount: 40 }), at: friday },
      ],
      until: new Date('2030-04-01'),
      look: async (branch) => {
        const { state } = await branch.state(wallet, 'a')
        const { events } = await branch.readEvents({ after: before.position })
        return { state, times: events.map(({ occurredAt }) => occurredAt.toISOString().slice(0, 10)) }
      },
    })
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
    expect(seen.times[0]).toBe('2030-03-04')
    expect(seen.state).toMatchObject({ balance: 10 })
    expect(now.toISOString().slice(0, 10)).toBe('2030-04-01')
    expect(diff.streams.map(({ stream }) => stream)).toEqual(['wallet-a'])
    expect(await headwater.branches.list()).toEqual([])
    expect(await headwater.head()).toEqual(before)
    expect((await headwater.state(wallet, 'a')).state).toMatchObject({ balance: 50 })
    await headwater.close()
  })

  it('takes commands as data, looks by data, and says which command fails', async () => {
    const headwater = await openStore(wallets, await make(), silent)
    await headwater.execute(Deposit({ walletId: 'a', amount: 50 }))
    const typed = { command: Withdraw({ walletId: 'a', amount: 20 }), id: 'typed' }
    const raw = { type: 'Withdraw', data: { walletId: 'a', amount: 20 }, id: 'raw' }
    const looks = [{ stream: 'wallet-a' }, { view: 'balances', key: 'a' }, { view: 'balances', key: 'none' }]
    const { outcomes, seen } = await headwater.predict({
      commands: [typed, raw],
      look: (branch) => lookOn(branch, looks),
    })
    expect(outcomes.map(({ commandId, status }) => [commandId, status])).toEqual([
      ['typed', 'accepted'],
      ['raw', 'accepted'],
    ])
    expect(seen).toMatchObject([{ state: { balance: 10 }, revision: 3 }, { doc: { balance: 10 } }, null])
    for (const [wrong, code] of [
      [{ type: 'Withdraw', data: {} }, 'command.invalid'],
      [{ type: 'Fly', data: {} }, 'command.unknown'],
    ] as const)
      await expect(headwater.predict({ commands: [typed, wrong] })).rejects.toMatchObject({
        code,
        details: { command: 1 },
      })
    const enough = AbortSignal.abort(new Error('enough'))
    await expect(headwater.predict({ commands: [typed], signal: enough })).rejects.toThrow('enough')
    expect(await headwater.branches.list()).toEqual([])
    await headwater.close()
  })

  it('is of one tenant', async () => {
    const headwater = await openStore(wallets, await make(), silent)
    await headwater.execute(Deposit({ walletId: 'a', amount: 5 }), { tenant: 'acme' })
    const commands = [{ command: Withdraw({ walletId: 'a', amount: 5 }) }]
    const statusOf = async (tenant: string) =>
      (await headwater.predict({ commands, tenant })).outcomes[0]?.status
    expect([await statusOf('acme'), await statusOf('')]).toEqual(['accepted', 'rejected'])
    await headwater.close()
  })

  it('leaves nothing where it fails, and is refused where time goes back', async () => {
    const headwater = await openStore(wallets, await make(), silent)
    await expect(
      headwater.predict({
        look: async () => {
          throw new Error('seen enough')
        },
      }),
    ).rejects.toThrow('seen enough')
    await expect(
      headwater.predict({
        commands: [{ command: Deposit({ walletId: 'a', amount: 1 }), at: new Date('2030-01-02') }],
        until: new Date('2030-01-01'),
      }),
    ).rejects.toMatchObject({ code: 'predict.invalid' })
    expect(await headwater.branches.list()).toEqual([])
    await headwater.close()
  })
})
