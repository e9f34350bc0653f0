import { event, eventFrom, HeadwaterError } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Ordered = event('Ordered', z.object({ customerId: z.string().min(1), currency: z.string() }), {
  version: 3,
  upcast: {
    1: (old: { readonly customer: string }) => ({ customerId: old.customer }),
    2: (old: { readonly customerId: string }) => ({ ...old, currency: 'GBP' }),
  },
})

/** An event type of so many versions; each step notes that it was there. */
function trailed(version: number) {
  const steps = Array.from({ length: version - 1 }, (_, index) => {
    return [index + 1, (old: readonly number[]) => [...old, index + 1]] as const
  })
  return event('Trailed', z.array(z.number()), {
    version,
    ...(version > 1 && { upcast: Object.fromEntries(steps) }),
  })
}

describe('an event of an older version', () => {
  it('goes through every step from its version to the current one, in order, and through no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat({ max: 29 }), (current, back) => {
        const from = Math.max(1, current - back)
        const walked = Array.from({ length: current - from }, (_, index) => from + index)
        expect(trailed(current).upcast(from, [])).toEqual(walked)
      }),
    )
  })

  it('goes the same way in one go and by stages', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 })),
        fc.array(fc.integer()),
        (lengths, data) => {
          const [first, middle, last] = lengths.toSorted((one, other) => one - other).map((n) => n + 1)
          const byStages = trailed(last ?? 1).upcast(
            middle ?? 1,
            trailed(middle ?? 1).upcast(first ?? 1, data),
          )
          expect(trailed(last ?? 1).upcast(first ?? 1, data)).toEqual(byStages)
        },
      ),
    )
  })

  it('of the current version is left as it is, and the very same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.jsonValue(), (current, data) => {
        expect(trailed(current).upcast(current, data)).toBe(data)
      }),
    )
  })

  it('is made of old data, upcasted and then validated', () => {
    expect(Ordered.from(1, { customer: 'ada' })).toEqual(Ordered({ customerId: 'ada', currency: 'GBP' }))
    expect(Ordered.from(2, { customerId: 'ada' })).toMatchObject({ version: 3, data: { currency: 'GBP' } })
    expect(Ordered.from(3, { customerId: 'ada', currency: 'EUR' })).toEqual(
      Ordered({ customerId: 'ada', currency: 'EUR' }),
    )
    expect(() => Ordered.from(1, { customer: '' })).toThrow(
      expect.objectContaining({
        code: 'event.invalid',
        issues: [expect.objectContaining({ path: ['customerId'] })],
      }),
    )
  })

  it('takes its tags and its time from what it has become', () => {
    const Tagged = event('Tagged', z.object({ customerId: z.string() }), {
      version: 2,
      upcast: { 1: (old: { readonly customer: string }) => ({ customerId: old.customer }) },
      tags: ({ customerId }) => [`customer:${customerId}`],
    })
    const occurredAt = new Date(5)
    expect(Tagged.from(1, { customer: 'ada' }, { occurredAt })).toMatchObject({
      tags: ['customer:ada'],
      occurredAt,
    })
  })

  it('is frozen all the way down, whatever its steps share', () => {
    const shared = { unit: { name: 'pence' } }
    const Shared = event('Shared', z.looseObject({}), {
      version: 2,
      upcast: { 1: (old: object) => ({ ...old, ...shared }) },
    })
    expect(Object.isFrozen(Shared.from(1, {}).data['unit'])).toBe(true)
  })
})

describe('data from outside', () => {
  it('is an event of the version that it says', () => {
    expect(eventFrom(Ordered, 1, { customer: 'ada' })).toEqual(Ordered.from(1, { customer: 'ada' }))
  })

  it('of a newer version than the code knows is refused', () => {
    expect(() => eventFrom(Ordered, 4, {})).toThrow(
      expect.objectContaining({
        code: 'event.newer-version',
        details: { type: 'Ordered', known: 3, version: 4 },
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('has no version %d', (version) => {
    expect(() => eventFrom(Ordered, version, {})).toThrow(expect.objectContaining({ code: 'event.invalid' }))
  })

  it.each<[string, unknown]>([
    ['gives no more than text', 'ada'],
    ['is missing', undefined],
    ['is null', null],
  ])('that %s is refused by a step or by the schema', (_what, data) => {
    expect(() => eventFrom(Ordered, 1, data)).toThrow(HeadwaterError)
  })
})

describe('a step that fails', () => {
  const failing = (step: () => unknown) =>
    event('Failing', z.unknown(), { version: 3, upcast: { 1: (old: object) => old, 2: step } })

  it('says which it was, from which version the event came, and why', () => {
    const broken = failing(() => {
      throw new TypeError('no lines')
    })
    expect(() => broken.upcast(1, {})).toThrow(
      expect.objectContaining({
        code: 'event.upcast-failed',
        message: 'Event Failing can’t be brought from version 2 to 3: no lines',
        details: { type: 'Failing', version: 1, step: 2 },
        cause: expect.any(TypeError),
      }),
    )
  })

  it('by giving nothing, or a promise, fails at once and not at whoever looks at the data', () => {
    const nothing = failing(() => undefined)
    expect(() => nothing.upcast(1, {})).toThrow(/gave nothing/)
    const promise = failing(async () => ({}))
    expect(() => promise.upcast(1, {})).toThrow(/gave a promise/)
  })
})

describe('an event type', () => {
  it.each<[string, number, Readonly<Record<number, (old: object) => object>>, RegExp]>([
    ['has no step from a version', 3, { 1: (old: object) => old }, /no upcast\[2\]/],
    [
      'has a step from its current version',
      2,
      { 1: (old: object) => old, 2: (old: object) => old },
      /upcast\[2\]/,
    ],
    ['has a step from a version that there is not', 1, { 0: (old: object) => old }, /upcast\[0\]/],
    ['has no version', 0, {}, /positive integer/],
    ['has half a version', 1.5, {}, /positive integer/],
  ])('that %s contradicts itself', (_what, version, upcast, message) => {
    expect(() => event('Wrong', z.object({}), { version, upcast })).toThrow(
      expect.objectContaining({ code: 'app.invalid', message: expect.stringMatching(message) }),
    )
  })
})
