import { app, event, view } from '@headwater/core'
import { migrations, sqlView } from '@headwater/sql'
import { z } from 'zod'

export const Sold = event('Sold', z.object({ sku: z.string(), quantity: z.int() }))
export const Withdrawn = event('Withdrawn', z.object({ sku: z.string() }))

export interface Sales {
  totals: { tenant: string; sku: string; quantity: number; times: number }
}

export const salesTables = migrations<Sales>({
  totals: ({ schema }) =>
    schema
      .createTable('totals')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('sku', 'text', (column) => column.notNull())
      .addColumn('quantity', 'integer', (column) => column.notNull())
      .addColumn('times', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('by_sku', ['tenant', 'sku']),
})

/** By counting in the database, in batches. */
export const sales = sqlView('sales', {
  events: [Sold, Withdrawn],
  tables: salesTables,
  batch: 7,
  project: (events, { db, write }) => {
    for (const event of events) {
      const { tenant } = event
      const { sku } = event.data
      if (event.type === 'Withdrawn') {
        write(db.deleteFrom('totals').where('tenant', '=', tenant).where('sku', '=', sku))
        continue
      }
      const { quantity } = event.data
      const insert = db.insertInto('totals').values({ tenant, sku, quantity, times: 1 })
      write(
        insert.onConflict((conflict) =>
          conflict.columns(['tenant', 'sku']).doUpdateSet((row) => ({
            quantity: row('totals.quantity', '+', row.ref('excluded.quantity')),
            times: row('totals.times', '+', 1),
          })),
        ),
      )
    }
  },
})

/** The same as a fold. */
export const folded = view('folded', {
  events: [Sold, Withdrawn],
  key: ({ data }) => data.sku,
  initial: { quantity: 0, times: 0 },
  on: {
    Sold: (doc, { data }) => ({ quantity: doc.quantity + data.quantity, times: doc.times + 1 }),
    Withdrawn: () => null,
  },
})

export const shop = app({ name: 'shop', views: [sales, folded] })
