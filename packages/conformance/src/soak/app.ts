import {
  aggregate,
  type AnyEventType,
  app,
  type App,
  command,
  event,
  type HandlerContext,
  type RecordedEvent,
  reject,
  type Schema,
  subscription,
  view,
} from '@headwater/core'
import {
  type AccountData,
  type AccountKind,
  accountKinds,
  booked,
  type BookedData,
  declared,
  depositedIn,
  depositIn,
  type HandledName,
  handled,
  kindsOfAccounts,
  noted,
  nothingSummed,
  rewarded,
  summed,
  tagsOfBooking,
  type ViewName,
  views,
  withdrawFrom,
  withdrawnFrom,
} from './model.ts'

/** What the processes of a soak send is valid: what schemas do is tested elsewhere. */
function anything<Data>(): Schema<Data, Data> {
  return { '~standard': { version: 1, vendor: 'soak', validate: (value) => ({ value: value as Data }) } }
}

interface Balance {
  readonly balance: number
}

interface Transfer {
  readonly id: string
  readonly amount: number
}

export const Noted = event(noted, anything<{ readonly text: string }>())
export const Booked = event(booked, anything<BookedData>(), { tags: tagsOfBooking })
export const Declared = event(declared, anything<{ readonly text: string }>())
const Rewarded = event(rewarded, anything<{ readonly cause: string }>())
const Reward = command('Reward', anything<{ readonly id: string; readonly cause: string }>())

/** An account of a kind: its decisions write down which balance they saw. */
function accountsOf(kind: AccountKind) {
  const Deposited = event(depositedIn(kind), anything<AccountData>())
  const Withdrawn = event(withdrawnFrom(kind), anything<AccountData>())
  const Deposit = command(depositIn(kind), anything<Transfer>())
  const Withdraw = command(withdrawFrom(kind), anything<Transfer>())
  const added =
    (sign: 1 | -1) =>
    ({ balance }: Balance, { data }: { readonly data: AccountData }): Balance => ({
      balance: balance + sign * data.amount,
    })
  const accounts = aggregate(kind, {
    events: [Deposited, Withdrawn],
    commands: [Deposit, Withdraw],
    id: 'id',
    initial: { balance: 0 } as Balance,
    evolve: { [Deposited.type]: added(1), [Withdrawn.type]: added(-1) },
    decide: {
      [Deposit.type]: ({ balance }: Balance, { amount }: Transfer) =>
        Deposited({ amount, balance: balance + amount }),
      [Withdraw.type]: ({ balance }: Balance, { amount }: Transfer) =>
        balance < amount
          ? reject('insufficient', { data: { balance } })
          : Withdrawn({ amount, balance: balance - amount }),
    },
    concurrency: accountKinds[kind],
    snapshots: { every: 25 },
  })
  return { accounts, events: [Deposited, Withdrawn] }
}

const accounts = {
  account: accountsOf('account'),
  purse: accountsOf('purse'),
  vault: accountsOf('vault'),
} as const satisfies Readonly<Record<AccountKind, unknown>>

export function aggregateOf(kind: AccountKind) {
  return accounts[kind].accounts
}

const points = aggregate('points', {
  events: [Rewarded],
  commands: [Reward],
  id: 'id',
  initial: { count: 0 },
  evolve: { [rewarded]: ({ count }: { readonly count: number }) => ({ count: count + 1 }) },
  decide: { Reward: (_state, { cause }) => Rewarded({ cause }) },
})

const events: readonly AnyEventType[] = [
  ...kindsOfAccounts.flatMap((kind) => accounts[kind].events),
  Noted,
  Booked,
  Declared,
  Rewarded,
]

function viewOf(name: ViewName, lifecycle: 'async' | 'inline', partitions: number) {
  const { types, keyOf } = views[name]
  const folded = events.filter(({ type }) => types.includes(type))
  return view(name, {
    events: folded,
    key: keyOf,
    initial: nothingSummed,
    on: Object.fromEntries(folded.map(({ type }) => [type, summed])),
    lifecycle,
    partitions,
  })
}

const aggregates = [...kindsOfAccounts.map(aggregateOf), points]
const viewsOfApp = [
  viewOf('totals', 'async', 3),
  viewOf('everything', 'async', 1),
  viewOf('balances', 'inline', 1),
]

/** What is done to an event by a subscription; the context is that of the handler. */
export type Handle = (name: HandledName, event: RecordedEvent, context: HandlerContext) => Promise<void>

/** The app that all processes of a soak run. */
export function soakApp(handle: Handle): App {
  const subscribed = (name: HandledName, partitions: number) =>
    subscription(name, {
      events: events.filter(({ type }) => handled[name].types.includes(type)),
      partitions,
      retry: { attempts: 2, delay: 5 },
      handle: (recorded: RecordedEvent, context) => handle(name, recorded, context),
    })
  return app({
    name: 'soak',
    aggregates,
    views: viewsOfApp,
    subscriptions: [subscribed('notes', 3), subscribed('rewards', 2)],
    events: [Noted, Booked, Declared],
  })
}

/** Sends what an event leads to, which is to have one effect, however often the event is handled. */
export async function reward({ aggregateId, id }: RecordedEvent, context: HandlerContext): Promise<void> {
  await context.execute(Reward({ id: aggregateId, cause: id }))
}
