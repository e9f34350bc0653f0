import { app, event, view } from '@headwater/core'
import { spec } from '@headwater/core/spec'
import { mariadbViews } from '@headwater/mariadb'
import { describe, it } from 'vitest'
import { z } from 'zod'
import { createDatabase, prefixOf, server } from './support.ts'

const Sold = event('Sold', z.object({ sku: z.string(), quantity: z.int() }))

describe.skipIf(server === undefined)('a specification of an app with a view in MariaDB', () => {
  it('expects documents from there, and waits for them', async () => {
    const database = await createDatabase()
    const sales = view('sales', {
      events: [Sold],
      key: ({ data }) => data.sku,
      initial: { sold: 0 },
      on: { Sold: ({ sold }, { data }) => ({ sold: sold + data.quantity }) },
      store: mariadbViews({ url: database.url, prefix: prefixOf('spec') }),
    })
    try {
      await spec(app({ name: 'shop', views: [sales] }))
        .given('till-1', Sold({ sku: 'tea', quantity: 2 }))
        .when('till-1', Sold({ sku: 'tea', quantity: 3 }), Sold({ sku: 'cup', quantity: 1 }))
        .thenDocuments(sales, { tea: { sold: 5 }, cup: { sold: 1 } })
    } finally {
      await database.drop()
    }
  })
})
