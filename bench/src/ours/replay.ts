import { performance } from 'node:perf_hooks'
import { app, open, subscription, type Headwater } from 'headwater'
import { databaseAt } from '../data/files.ts'
import { accountName, payload } from '../data/payload.ts'
import { fillBatch, keyOf, type Job, type ReplayPeer } from '../replay/job.ts'
import { balances } from './balances.ts'
import { bank, Deposited, DepositedToday, totals } from './bank.ts'

const timeLimit = 15 * 60_000

export const ourReplay: ReplayPeer = {
  name: 'headwater',
  share: (events) => events,
  fill: async (place, events) => {
    const headwater = await open(bank, { db: databaseAt(place) })
    const starts = Array.from({ length: Math.ceil(events / fillBatch) }, (_, batch) => batch * fillBatch)
    let next = 0
    const fill = async () => {
      for (let n = starts[next++]; n !== undefined; n = starts[next++]) {
        const batch = Array.from({ length: Math.min(fillBatch, events - n) }, (_, at) =>
          Deposited(payload(n + at)),
        )
        await headwater.append(`account-${n}`, batch)
      }
    }
    await Promise.all(Array.from({ length: 16 }, fill))
    await headwater.close()
  },
  replay: (job) => replayAs(job, Deposited),
}

/** The same log, read by code that is two versions further on. */
export const ourReplayUpcasted: ReplayPeer = {
  ...ourReplay,
  name: 'headwater-upcasted',
  replay: (job) => replayAs(job, DepositedToday),
}

function replayAs(job: Job, deposited: typeof Deposited | typeof DepositedToday): Promise<number> {
  if (job.kind === 'sql-view-10000') return project(job)
  return job.kind === 'handler' ? handle(job) : fold(job, keyOf(job.kind), deposited)
}

/** Until a reader that waits for the last position has its document. */
async function fold(
  { kind, place, events, round, peer }: Job,
  by: 'account' | 'branch',
  deposited: typeof Deposited | typeof DepositedToday,
): Promise<number> {
  const begin = performance.now()
  const byKey = totals(`${peer}-${kind}-${round}`, by, deposited)
  const definition = app({ name: 'replay', events: [deposited], views: [byKey] })
  const headwater = await open(definition, { db: databaseAt(place) })
  const key = by === 'branch' ? payload(0).branch : accountName(0)
  await headwater.view(byKey).get(key, { waitFor: events, timeLimit })
  const time = performance.now() - begin
  await checkTotals(headwater, byKey.name, events)
  await headwater.close()
  return time
}

async function checkTotals(headwater: Headwater, name: string, events: number): Promise<void> {
  let deposits = 0
  for await (const { doc } of headwater.view(name).all()) {
    if (typeof doc === 'object' && doc !== null && 'deposits' in doc) deposits += Number(doc.deposits)
  }
  if (deposits !== events) throw new Error(`The view ${name} counts ${deposits} of ${events} events`)
}

/** Until a reader that waits for the last position has the rows. */
async function project({ place, events, round }: Job): Promise<number> {
  const begin = performance.now()
  const rows = balances(`balances${round}`)
  const headwater = await open(app({ name: 'replay', events: [Deposited], views: [rows] }), {
    db: databaseAt(place),
  })
  const db = await headwater.sql(rows, { waitFor: events, timeLimit })
  const time = performance.now() - begin
  const { deposits } = await db
    .selectFrom('balances')
    .select((row) => row.fn.sum('deposits').as('deposits'))
    .executeTakeFirstOrThrow()
  // A sum is a `bigint` in PostgreSQL, which kysely's drivers give as text.
  if (Number(deposits) !== events) throw new Error(`The table counts ${deposits} of ${events} events`)
  await headwater.close()
  return time
}

/** Until the handler has the last event. */
async function handle({ kind, place, events, round }: Job): Promise<number> {
  const begin = performance.now()
  let headwater: Headwater | undefined
  const time = await new Promise<number>((resolve, reject) => {
    let handled = 0
    const counter = subscription(`${kind}-${round}`, {
      events: [Deposited],
      handle: () => {
        if (++handled === events) resolve(performance.now() - begin)
      },
    })
    const definition = app({ name: 'replay', events: [Deposited], subscriptions: [counter] })
    open(definition, { db: databaseAt(place) }).then((opened) => {
      headwater = opened
    }, reject)
  })
  await headwater?.close()
  return time
}
