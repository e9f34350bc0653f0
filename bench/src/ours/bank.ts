import { aggregate, app, command, event, reject, view, type App } from 'headwater'
import { z } from 'zod'

const Deposit = z.object({
  branch: z.string(),
  account: z.string(),
  amount: z.number().int(),
  note: z.string(),
})

export const Deposited = event('Deposited', Deposit)
type Recorded = z.infer<typeof Deposit>

/** The same event two versions later: a field has another name, and another one has come. */
export const DepositedToday = event(
  'Deposited',
  z.object({
    branch: z.string(),
    account: z.string(),
    amount: z.number().int(),
    memo: z.string(),
    currency: z.string(),
  }),
  {
    version: 3,
    upcast: {
      1: ({ note, ...rest }: Recorded) => ({ ...rest, memo: note }),
      2: (old: Omit<Recorded, 'note'> & { readonly memo: string }) => ({ ...old, currency: 'EUR' }),
    },
  },
)

export const MakeDeposit = command('MakeDeposit', Deposit)

/** What the benches run: accounts that take deposits up to a limit. */
export const account = aggregate('account', {
  id: 'account',
  events: [Deposited],
  commands: [MakeDeposit],
  initial: { balance: 0 },
  evolve: { Deposited: (state, { data }) => ({ balance: state.balance + data.amount }) },
  decide: {
    MakeDeposit: (state, data) =>
      state.balance + data.amount > Number.MAX_SAFE_INTEGER ? reject('limit-exceeded') : Deposited(data),
  },
})

export interface Total {
  readonly total: number
  readonly deposits: number
}

/**
 * Totals of something that an event names: of 10,000 accounts, of 40 branches.
 *
 * @param deposited as which version the events are read
 */
export function totals(
  name: string,
  by: 'account' | 'branch',
  deposited: typeof Deposited | typeof DepositedToday = Deposited,
) {
  return view(name, {
    events: [deposited],
    key: ({ data }) => data[by],
    initial: { total: 0, deposits: 0 } satisfies Total as Total,
    on: {
      Deposited: (document, { data }) => ({
        total: document.total + data.amount,
        deposits: document.deposits + 1,
      }),
    },
  })
}

export const bank: App = app({ name: 'bank', aggregates: [account] })
