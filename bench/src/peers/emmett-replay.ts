import { performance } from 'node:perf_hooks'
import { payload } from '../data/payload.ts'
import { fillBatch, keyOf, type ReplayPeer } from '../replay/job.ts'
import { openEmmett } from './emmett-store.ts'
import { createTotals, totalsProjection, type Deposited } from './emmett-totals.ts'

/** Larger pages than by default (100) and hardly a pause between them (50 ms), which makes it several times faster. */
const pulling = { batchSize: 1_000, pullingFrequencyInMs: 1 }

export const emmettReplay: ReplayPeer = {
  name: 'emmett-sqlite',
  share: (events) => Math.ceil(events / 50),
  fill: async (folder, events) => {
    const database = await openEmmett(folder)
    for (let n = 0; n < events; n += fillBatch) {
      const batch = Array.from(
        { length: Math.min(fillBatch, events - n) },
        (_, at): Deposited => ({ type: 'Deposited', data: payload(n + at) }),
      )
      await database.single.appendToStream(`account-${n}`, batch)
    }
    await database.close()
  },
  replay: async ({ kind, place: folder, events, round }) => {
    const begin = performance.now()
    const database = await openEmmett(folder)
    await createTotals(database.connection)
    const consumer = database.pooled.consumer<Deposited>({ pulling })
    const time = await new Promise<number>((resolve, reject) => {
      let handled = 0
      const count = () => {
        if (++handled === events) resolve(performance.now() - begin)
      }
      const processorId = `${kind}-${round}`
      if (kind === 'handler') consumer.processor({ processorId, startFrom: 'BEGINNING', eachMessage: count })
      else
        consumer.processor({
          processorId,
          startFrom: 'BEGINNING',
          projection: totalsProjection(keyOf(kind), count),
        })
      consumer.start().catch(reject)
    })
    await consumer.stop()
    return time
  },
}
