// Rebuilds a view while commands are decided in the same process, and tells its parent how both went.
import { once } from 'node:events'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { app, open, type Headwater } from 'headwater'
import { ourFile } from '../data/files.ts'
import { accountName, payload } from '../data/payload.ts'
import { percentile } from '../measure/statistics.ts'
import { account, Deposited, MakeDeposit, totals } from '../ours/bank.ts'
import { pickAccount } from '../peers/command-peer.ts'
import type { Latencies, RebuildJob, RebuildResult } from './job.ts'
import { Traffic } from './traffic.ts'

const byAccount = totals('totals', 'account')

async function run({ folder, rate, alone }: RebuildJob): Promise<RebuildResult> {
  const bank = app({ name: 'bank', aggregates: [account], events: [Deposited], views: [byAccount] })
  const headwater = await open(bank, { db: join(folder, ourFile) })
  const first = (await headwater.lastPosition()) ?? 0
  await headwater.processor(byAccount).waitFor(first, { timeLimit: 600_000 })
  let n = 0
  const traffic = new Traffic(rate, () =>
    headwater.execute(MakeDeposit({ ...payload(n++), account: accountName(pickAccount()) })),
  )
  traffic.start()
  await sleep(alone / 5)
  traffic.take()
  await sleep(alone)
  const before = traffic.take()
  const begin = performance.now()
  const done = await (await headwater.rebuild(byAccount)).done()
  const time = performance.now() - begin
  const beside = traffic.take()
  await traffic.stop()
  await check(headwater, first, n)
  await headwater.close()
  return {
    rate: (done.position / time) * 1_000,
    alone: latenciesOf(before),
    beside: latenciesOf(beside),
  }
}

/** No event is lost or counted twice, whichever version has folded it. */
async function check(headwater: Headwater, events: number, sent: number): Promise<void> {
  const last = (await headwater.lastPosition()) ?? 0
  let deposits = 0
  for await (const { doc } of headwater.view(byAccount).all({ waitFor: last })) deposits += doc.deposits
  if (deposits !== events + sent) throw new Error(`The view counts ${deposits} of ${events + sent} deposits`)
}

function latenciesOf(values: readonly number[]): Latencies {
  return {
    commands: values.length,
    p50: percentile(values, 0.5),
    p99: percentile(values, 0.99),
    max: percentile(values, 1),
  }
}

const [job] = (await once(process, 'message')) as [RebuildJob]
process.send?.(await run(job), () => process.exit(0))
