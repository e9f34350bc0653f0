import { performance } from 'node:perf_hooks'
import { app, type Headwater, open } from 'headwater'
import { payload } from '../data/payload.ts'
import { account, Deposited, totals } from './bank.ts'

/** As many streams, of as many accounts, or fewer where the log is short. */
const streams = 10_000
const batch = 500

const byAccount = totals('by-account', 'account', Deposited)
const byBranch = totals('by-branch', 'branch', Deposited)
const bank = app({ name: 'bank', aggregates: [account], views: [byAccount, byBranch] })

/** Events that go round the streams, several of them at once in one append. */
export async function fillTimes(db: string, events: number): Promise<void> {
  const headwater = await open(bank, { db, processors: false })
  for (let start = 0; start < events; start += batch) {
    const parts = Array.from({ length: Math.min(batch, events - start) }, (_, at) => ({
      stream: `account-${(start + at) % streams}`,
      events: [Deposited(payload(start + at))],
    }))
    await headwater.appendAll(parts)
  }
  await headwater.close()
}

export interface Times {
  readonly 'document-p95': number
  readonly 'hot-document-p95': number
  readonly 'step-p95': number
  readonly 'step-back-p95': number
  readonly 'jump-p95': number
  /** Of folding the log up to a position for one document, on average over positions. */
  readonly refold: number
}

/** Milliseconds, of so many reads each. */
export async function measureTimes(db: string, events: number, reads: number): Promise<Times> {
  const headwater = await open(bank, { db })
  try {
    // The first who asks has the history indexed.
    const patient = { at: events, timeLimit: 15 * 60_000 }
    await headwater.view(byAccount).get('', patient)
    await headwater.view(byBranch).get('', patient)
    const position = () => 1 + Math.floor(Math.random() * events)
    const read = (view: typeof byAccount, key: string) => () =>
      headwater.view(view).get(key, { at: position() })
    const someAccount = () => payload(position()).account
    const session = await headwater.debug()
    return {
      'document-p95': await p95(reads, () => read(byAccount, someAccount())()),
      'hot-document-p95': await p95(reads, () => read(byBranch, payload(position()).branch)()),
      'jump-p95': await p95(reads, () => session.runTo(position())),
      'step-p95': await p95(
        reads,
        () => session.step(),
        () => session.runTo(position()),
      ),
      'step-back-p95': await p95(
        reads,
        () => session.back(),
        () => session.runTo(position()),
      ),
      refold: await refold(headwater, events),
    }
  } finally {
    await headwater.close()
  }
}

/** @param before is done before each, and not counted */
async function p95(
  count: number,
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  const times: number[] = []
  for (let index = -3; index < count; index += 1) {
    await before()
    const begin = performance.now()
    await work()
    // The first ones warm it up.
    if (index >= 0) times.push(performance.now() - begin)
  }
  times.sort((one, other) => one - other)
  return times[Math.floor(0.95 * (times.length - 1))] ?? 0
}

/** What it takes without an index: to read the log up to the position, and to fold what concerns the key. */
async function refold(headwater: Headwater, events: number): Promise<number> {
  const begin = performance.now()
  const { account: key } = payload(1)
  let total = 0
  for await (const event of headwater.events({ types: [Deposited] })) {
    if (event.position > events / 2) break
    if (event.data.account === key) total += event.data.amount
  }
  if (total === 0) throw new Error('The account has no deposits')
  return performance.now() - begin
}
