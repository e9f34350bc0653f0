import { like, spec } from '@headwater/core/spec'
import { sqliteStore } from '@headwater/sqlite'
import { expect, test } from 'vitest'
import { newPath } from './support/running.ts'
import { folded, sales, shop, Sold, Withdrawn } from './support/sales.ts'

test('a view in tables is specified as part of an app, on a store that has tables', async () => {
  await spec(shop, { store: await sqliteStore({ path: newPath() }) })
    .given('till-1', Sold({ sku: 'tea', quantity: 2 }), Sold({ sku: 'cup', quantity: 1 }))
    .when('till-1', Sold({ sku: 'tea', quantity: 3 }), Withdrawn({ sku: 'cup' }))
    .thenThat(async (headwater) => {
      const db = await headwater.sql(sales)
      expect(await db.selectFrom('totals').select(['sku', 'quantity', 'times']).execute()).toEqual([
        { sku: 'tea', quantity: 5, times: 2 },
      ])
    })
    .thenDocument(folded, 'tea', like({ quantity: 5 }))
})
