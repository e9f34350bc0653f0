import { migrations, sqlView } from 'headwater/sql'
import { Deposited } from './bank.ts'

interface Balances {
  balances: { account: string; total: number; deposits: number }
}

/** What a batch adds up to, account by account, and then one query for all of it. */
export const balances = (name: string) =>
  sqlView(name, {
    events: [Deposited],
    tables: migrations<Balances>({
      balances: ({ schema }) =>
        schema
          .createTable('balances')
          .addColumn('account', 'text', (column) => column.primaryKey())
          .addColumn('total', 'integer', (column) => column.notNull())
          .addColumn('deposits', 'integer', (column) => column.notNull()),
    }),
    batch: 4_000,
    project: (events, { db, write }) => {
      const sums = new Map<string, { account: string; total: number; deposits: number }>()
      for (const { data } of events) {
        const sum = sums.get(data.account)
        if (sum === undefined)
          sums.set(data.account, { account: data.account, total: data.amount, deposits: 1 })
        else {
          sum.total += data.amount
          sum.deposits += 1
        }
      }
      const rows = [...sums.values()]
      for (let from = 0; from < rows.length; from += 500) {
        write(
          db
            .insertInto('balances')
            .values(rows.slice(from, from + 500))
            .onConflict((conflict) =>
              conflict.column('account').doUpdateSet((row) => ({
                total: row('balances.total', '+', row.ref('excluded.total')),
                deposits: row('balances.deposits', '+', row.ref('excluded.deposits')),
              })),
            ),
        )
      }
    },
  })
