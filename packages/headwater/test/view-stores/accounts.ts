import { aggregate, app, command, event, view, type Headwater, type ViewDatabase } from 'headwater'
import { z } from 'zod'

const Deposited = event('Deposited', z.object({ amount: z.int() }))
export const Deposit = command('Deposit', z.object({ accountId: z.string(), amount: z.int() }))

const account = aggregate('account', {
  events: [Deposited],
  commands: [Deposit],
  initial: { balance: 0 },
  evolve: { Deposited: ({ balance }, { data }) => ({ balance: balance + data.amount }) },
  decide: { Deposit: (_state, { amount }) => Deposited({ amount }) },
})

export interface Balance {
  readonly balance: number
  readonly deposits: number
  /** The deposits as they came, mixed so that another order gives another number. */
  readonly order: number
}

const none: Balance = { balance: 0, deposits: 0, order: 0 }

const added = ({ balance, deposits, order }: Balance, amount: number, revision: number): Balance => ({
  balance: balance + amount,
  deposits: deposits + 1,
  order: (order * 31 + revision) % 1_000_003,
})

/** An app whose view lies somewhere else than its log. */
export function accountsIn(store: ViewDatabase) {
  const balances = view('balances', {
    events: [Deposited],
    key: ({ aggregateId }) => aggregateId,
    initial: none,
    on: { Deposited: (doc, { data, revision }) => added(doc, data.amount, revision) },
    indexes: ['deposits'],
    store,
  })
  return { accounts: app({ name: 'accounts', aggregates: [account], views: [balances] }), balances }
}

/** Only the name of the view that is read counts. */
const named = accountsIn({
  name: 'nowhere',
  open: () => {
    throw new Error('It is read by its name')
  },
}).balances

export function balancesOf(headwater: Headwater) {
  return headwater.view(named)
}

/** What the view has to show, folded from the log by nothing of the view's. */
export async function recomputed(headwater: Headwater): Promise<Record<string, Balance>> {
  const documents: Record<string, Balance> = {}
  for await (const { aggregateId, data, revision } of headwater.events())
    documents[aggregateId] = added(
      documents[aggregateId] ?? none,
      (data as { amount: number }).amount,
      revision,
    )
  return documents
}

/** What the view shows when it has everything. */
export async function shown(headwater: Headwater): Promise<Record<string, Balance>> {
  const documents: Record<string, Balance> = {}
  const waitFor = await headwater.lastPosition()
  for await (const { key, doc } of balancesOf(headwater).all({ waitFor, timeLimit: 60_000 }))
    documents[key] = doc
  return documents
}
