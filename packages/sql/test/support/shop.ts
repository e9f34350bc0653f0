import { app, command, event, handler, reject, view } from '@headwater/core'
import { migrations, tables } from '@headwater/sql'
import { z } from 'zod'

/** An account whose balance is a row, and a counter that all accounts share. */
interface Bank {
  accounts: { id: string; balance: number; tenant: string }
  totals: { id: string; deposits: number }
}

export const bankTables = tables('bank-db', {
  migrations: migrations<Bank>({
    accounts: ({ schema }) =>
      schema
        .createTable('accounts')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('balance', 'integer', (column) => column.notNull())
        .addColumn('tenant', 'text', (column) => column.notNull()),
    totals: ({ schema, table, sql }) => [
      schema
        .createTable('totals')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('deposits', 'integer', (column) => column.notNull()),
      sql`INSERT INTO ${table('totals')} (id, deposits) VALUES ('all', 0)`,
    ],
  }),
})

export const Opened = event('Opened', z.object({ balance: z.int() }))
export const Deposited = event('Deposited', z.object({ amount: z.int(), balance: z.int() }))
export const DepositRefused = event('DepositRefused', z.object({ amount: z.int() }))
export const Open = command('Open', z.object({ accountId: z.string() }))
export const Deposit = command('Deposit', z.object({ accountId: z.string(), amount: z.int() }))
/** Saves without recording anything. */
export const Touch = command('Touch', z.object({ accountId: z.string(), by: z.int() }))

const openAccount = handler(Open, {
  stream: 'account',
  events: [Opened],
  tables: bankTables,
  handle: ({ accountId }, { db, save, record, tenant }) => {
    save(db.insertInto('accounts').values({ id: accountId, balance: 0, tenant }))
    record(Opened({ balance: 0 }))
  },
})

/** Writes what it read plus the amount, and says of the account's row nothing: its stream has to be enough. */
const deposit = handler(Deposit, {
  stream: 'account',
  events: [Deposited, DepositRefused],
  tables: bankTables,
  handle: async ({ accountId, amount }, { db, save, record }) => {
    const known = await db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
    if (known === undefined) return reject('no-account')
    if (amount < 0) {
      save(db.deleteFrom('accounts'))
      return reject('negative', { events: [DepositRefused({ amount })] })
    }
    const balance = known.balance + amount
    save(db.updateTable('accounts').set({ balance }).where('id', '=', accountId))
    record(Deposited({ amount, balance }))
    return
  },
})

/** The total is a row that the streams share, so it says what it expects. */
const touch = handler(Touch, {
  stream: 'account',
  events: [],
  tables: bankTables,
  handle: async ({ by }, { db, save }) => {
    const { deposits } = await db
      .selectFrom('totals')
      .selectAll()
      .where('id', '=', 'all')
      .executeTakeFirstOrThrow()
    const change = db.updateTable('totals').set({ deposits: deposits + by })
    save(change.where('id', '=', 'all').where('deposits', '=', deposits), { rows: 1 })
  },
})

export const balances = view('balances', {
  events: [Deposited],
  initial: { balance: 0, deposits: 0 },
  on: { Deposited: (doc, { data }) => ({ balance: doc.balance + data.amount, deposits: doc.deposits + 1 }) },
  lifecycle: 'inline',
})

export const bank = app({
  name: 'bank',
  tables: [bankTables],
  handlers: [openAccount, deposit, touch],
  views: [balances],
})
