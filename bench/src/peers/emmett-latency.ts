import { performance } from 'node:perf_hooks'
import { payload } from '../data/payload.ts'
import { quietly } from '../measure/quiet.ts'
import { retryBusy } from '../measure/retry.ts'
import { openEmmett } from './emmett-store.ts'
import { createTotals, totalsProjection, type Deposited } from './emmett-totals.ts'
import type { LatencyPeer } from './latency-peer.ts'

/**
 * A consumer with a projection, its settings left as they come. The moment is taken when the projection is
 * given the event, a little before its commit: to Emmett's advantage.
 */
export const emmettLatency: LatencyPeer = {
  name: 'emmett-sqlite',
  open: async (folder, nextStream) => {
    const database = await openEmmett(folder)
    await createTotals(database.connection)
    const waiting = new Map<number, (time: number) => void>()
    const consumer = database.pooled.consumer<Deposited>()
    consumer.processor({
      processorId: 'totals',
      startFrom: 'CURRENT',
      projection: totalsProjection('branch', ({ data }) =>
        waiting.get(data.sample ?? -1)?.(performance.now()),
      ),
    })
    const running = consumer.start()
    let sample = 0
    return {
      sample: () =>
        quietly(async () => {
          const own = sample++
          const event: Deposited = { type: 'Deposited', data: { ...payload(own), sample: own } }
          const begin = performance.now()
          const seen = new Promise<number>((resolve) => waiting.set(own, resolve))
          await retryBusy(begin + 10_000, () => database.single.appendToStream(nextStream(), [event]))
          const time = (await seen) - begin
          waiting.delete(own)
          return time
        }),
      close: async () => {
        await consumer.stop()
        await running
        await database.close()
      },
    }
  },
}
