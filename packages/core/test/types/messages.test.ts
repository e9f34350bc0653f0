import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  command,
  event,
  type CommandData,
  type CommandMessage,
  type EventData,
  type Fact,
  type FactOf,
  type NewEvent,
  type NewEventOf,
  type RecordedEvent,
  type RecordedEventOf,
} from '@headwater/core'

const Placed = event(
  'order.placed',
  z.object({ lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) }),
)
const Cancelled = event('order.cancelled', z.object({ reason: z.string().optional() }), {
  tags: (data) => [data.reason ?? ''],
})
const Increment = command('Increment', z.object({ counterId: z.string(), by: z.int().default(1) }))
const Weigh = command('Weigh', z.object({ weight: z.string().transform(Number) }))

interface Line {
  sku: string
  quantity: number
}

describe('an event type', () => {
  test('keeps its name as a literal', () => {
    expectTypeOf(Placed.type).toEqualTypeOf<'order.placed'>()
  })

  test('makes events that hold what the schema gives', () => {
    expectTypeOf(Placed({ lines: [] })).toEqualTypeOf<NewEvent<'order.placed', { lines: Line[] }>>()
  })

  test('takes what the schema takes', () => {
    expectTypeOf(Placed).parameter(0).toEqualTypeOf<{ lines: Line[] }>()
    expectTypeOf(Cancelled).parameter(0).toEqualTypeOf<{ reason?: string | undefined }>()
  })

  test('tells its data', () => {
    expectTypeOf<EventData<typeof Placed>>().toEqualTypeOf<{ lines: Line[] }>()
  })

  test('gives the type of each event of a union by itself', () => {
    type Both = typeof Placed | typeof Cancelled
    type Reasoned = { reason?: string | undefined }
    expectTypeOf<NewEventOf<Both>>().toEqualTypeOf<
      NewEvent<'order.placed', { lines: Line[] }> | NewEvent<'order.cancelled', Reasoned>
    >()
    expectTypeOf<FactOf<Both>>().toEqualTypeOf<
      Fact<'order.placed', { lines: Line[] }> | Fact<'order.cancelled', Reasoned>
    >()
    expectTypeOf<RecordedEventOf<typeof Placed>>().toEqualTypeOf<
      RecordedEvent<'order.placed', { lines: Line[] }>
    >()
  })

  test('lets a union be narrowed by the name', () => {
    const narrow = (fact: FactOf<typeof Placed | typeof Cancelled>) =>
      fact.type === 'order.placed' ? fact.data.lines : fact.data.reason
    expectTypeOf(narrow).returns.toEqualTypeOf<Line[] | string | undefined>()
  })

  test('gives its tags function what the schema gives', () => {
    event('Tagged', z.object({ weight: z.string().transform(Number) }), {
      tags: (data) => {
        expectTypeOf(data).toEqualTypeOf<{ weight: number }>()
        return []
      },
    })
  })
})

describe('an event type of several versions', () => {
  interface First {
    readonly customer: string
  }
  interface Second {
    readonly customerId: string
  }
  const Ordered = event('Ordered', z.object({ customerId: z.string(), currency: z.string() }), {
    version: 3,
    upcast: {
      1: (old: First) => ({ customerId: old.customer }),
      2: (old: Second) => ({ ...old, currency: 'GBP' }),
    },
  })
  type Current = { customerId: string; currency: string }

  test('takes data of each version, and makes events of the current one', () => {
    expectTypeOf(Ordered.from<1>)
      .parameter(1)
      .toEqualTypeOf<First>()
    expectTypeOf(Ordered.from<2>)
      .parameter(1)
      .toEqualTypeOf<Second>()
    expectTypeOf(Ordered.from<3>)
      .parameter(1)
      .toEqualTypeOf<Current>()
    expectTypeOf(Ordered.from(1, { customer: 'ada' })).toEqualTypeOf<NewEvent<'Ordered', Current>>()
    expectTypeOf(Ordered.from).parameter(0).toEqualTypeOf<1 | 2 | 3>()
  })

  test('is to everybody else an event of its current data', () => {
    expectTypeOf<FactOf<typeof Ordered>>().toEqualTypeOf<Fact<'Ordered', Current>>()
    expectTypeOf(Ordered).parameter(0).toEqualTypeOf<Current>()
  })

  test('gives what its schema gives, also where the schema takes something else', () => {
    const Weighed = event('Weighed', z.object({ weight: z.string().transform(Number) }), {
      version: 2,
      upcast: { 1: (old: { grams: number }) => ({ weight: old.grams / 1_000 }) },
    })
    expectTypeOf(Weighed.from<1>)
      .parameter(1)
      .toEqualTypeOf<{ grams: number }>()
  })

  test('may have a version that is known at run time only', () => {
    const version = Number('1')
    const Dynamic = event('Dynamic', z.object({}), { version })
    expectTypeOf(Dynamic({})).toEqualTypeOf<NewEvent<'Dynamic', Record<string, never>>>()
  })
})

describe('a command type', () => {
  test('lets what has a default be left out, and gives it filled in', () => {
    expectTypeOf(Increment).parameter(0).toEqualTypeOf<{ counterId: string; by?: number | undefined }>()
    expectTypeOf(Increment({ counterId: 'a' })).toEqualTypeOf<
      CommandMessage<'Increment', { counterId: string; by: number }>
    >()
  })

  test('takes what is transformed, and gives what it becomes', () => {
    expectTypeOf(Weigh).parameter(0).toEqualTypeOf<{ weight: string }>()
    expectTypeOf<CommandData<typeof Weigh>>().toEqualTypeOf<{ weight: number }>()
  })

  test('gives its authorize function what the schema gives', () => {
    command('Do', z.object({ n: z.int().default(1) }), {
      authorize: (actor, data) => {
        expectTypeOf(actor).toEqualTypeOf<string | null>()
        expectTypeOf(data).toEqualTypeOf<{ n: number }>()
        return true
      },
    })
  })
})
