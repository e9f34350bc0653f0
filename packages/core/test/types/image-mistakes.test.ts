import { event, type MemoryImage, memoryImage, type ReadTable, type ReadTables, table } from '@headwater/core'
import { expectTypeOf } from 'expect-type'
import { expect, test } from 'vitest'
import { z } from 'zod'

const Received = event('Received', z.object({ sku: z.string(), quantity: z.int() }))

test('an image is typed by its tables and events', () => {
  const stock = memoryImage('stock', {
    events: [Received],
    tables: { items: table<{ quantity: number }>() },
    on: {
      Received: ({ items }, { data }) => {
        expectTypeOf(data.quantity).toEqualTypeOf<number>()
        items.set(data.sku, { quantity: data.quantity })
      },
    },
  })
  type Read = typeof stock extends MemoryImage<'stock', infer Types> ? ReadTables<Types> : never
  expectTypeOf<Read['items']>().toEqualTypeOf<ReadTable<{ quantity: number }>>()
  expect(stock.name).toBe('stock')
})

test('what does not fit does not compile', () => {
  const tables = { items: table<{ quantity: number }>() }
  expect(() =>
    // @ts-expect-error there is no fold for Received
    memoryImage('stock', { events: [Received], tables, on: {} }),
  ).toThrow('there is no on.Received')
  memoryImage('stock', {
    events: [Received],
    tables,
    on: {
      // @ts-expect-error a text is no item
      Received: ({ items }) => items.set('tea', 'three'),
    },
  })
  memoryImage('stock', {
    events: [Received],
    tables,
    // @ts-expect-error Sold is not one of this image's events
    on: { Received: () => undefined, Sold: () => undefined },
  })
})
