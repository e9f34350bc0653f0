import { performance } from 'node:perf_hooks'
import { aggregate, app, open, reject } from 'headwater'
import { accountName, payload } from '../data/payload.ts'
import { median } from '../measure/statistics.ts'
import { Deposited, MakeDeposit } from './bank.ts'

const batch = 500
const mostAccounts = 10_000
/** Of an account’s deposits so many, at the end, go beyond its limit. */
const refused = 0.05
const usualAmount = 550

/** Milliseconds. */
export interface DecisionTimes {
  /** Sending all commands to an empty log. */
  readonly anew: number
  /** Replaying decisions on a branch that omits one event, in the middle. */
  readonly replay: number
}

/** Accounts whose last deposits are refused, one of which would not be if an earlier one had not been made. */
export async function timeDeciding(db: string, commands: number, samples: number): Promise<DecisionTimes> {
  const accounts = Math.max(1, Math.min(mostAccounts, Math.floor(commands / 4)))
  const headwater = await open(bankOf(limitOf(commands / accounts)), { db })
  try {
    const begin = performance.now()
    for (let start = 0; start < commands; start += batch) {
      const indexes = Array.from({ length: Math.min(batch, commands - start) }, (_, at) => start + at)
      await Promise.all(
        indexes.map((n) =>
          headwater.execute(MakeDeposit({ ...payload(n), account: accountName(n % accounts) })),
        ),
      )
    }
    const anew = performance.now() - begin
    const times: number[] = []
    const { position } = await headwater.head()
    for (let index = -1; index < samples; index += 1) {
      const { events } = await headwater.readEvents({ after: Math.floor(position / 2) + index, limit: 1 })
      await headwater.branches.create('again')
      const branch = headwater.branch('again')
      await branch.ignore(events[0]?.id ?? '', { why: 'what if' })
      const start = performance.now()
      const { decisions } = await branch.replay({ mode: 'decisions' })
      if (index >= 0) times.push(performance.now() - start)
      if (decisions?.commands.decided === 0) throw new Error('Nothing was decided again')
      await branch.drop()
    }
    return { anew, replay: median(times) }
  } finally {
    await headwater.close()
  }
}

function limitOf(deposits: number): number {
  return Math.round(deposits * usualAmount * (1 - refused))
}

function bankOf(limit: number) {
  const account = aggregate('account', {
    id: 'account',
    events: [Deposited],
    commands: [MakeDeposit],
    initial: { balance: 0 },
    evolve: { Deposited: (state, { data }) => ({ balance: state.balance + data.amount }) },
    decide: {
      MakeDeposit: ({ balance }, data) =>
        balance + data.amount > limit ? reject('limit-exceeded') : Deposited(data),
    },
  })
  return app({ name: 'limited-bank', aggregates: [account] })
}
