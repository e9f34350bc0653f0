import { performance } from 'node:perf_hooks'
import { quietly } from '../../measure/quiet.ts'
import { payload } from '../../data/payload.ts'
import { fillBatch, keyOf, type ReplayPeer } from '../../replay/job.ts'
import { connectEmmett, createEmmett } from './emmett-store.ts'
import { totalsProjection, type Deposited } from './emmett-totals.ts'

/** Larger pages than by default (100) and hardly a pause between them (50 ms), which makes it faster. */
const pulling = { batchSize: 1_000, pullingFrequencyInMs: 1 }

/** It gives a projection one event at a time, so its table is its fastest view: documents cost a query more for each. */
export const emmettReplay: ReplayPeer = {
  name: 'emmett-postgresql',
  share: (events) => Math.ceil(events / 50),
  fill: async (url, events) => {
    await createEmmett(url)
    const { store, close } = await connectEmmett(url, 1)
    for (let n = 0; n < events; n += fillBatch) {
      const batch = Array.from(
        { length: Math.min(fillBatch, events - n) },
        (_, at): Deposited => ({ type: 'Deposited', data: payload(n + at) }),
      )
      await store.appendToStream(`account-${n}`, batch)
    }
    await close()
  },
  replay: ({ kind, place, events, round }) =>
    quietly(async () => {
      const begin = performance.now()
      const { store, close } = await connectEmmett(place, 4)
      const consumer = store.consumer<Deposited>({ pulling })
      const time = await new Promise<number>((resolve, reject) => {
        let handled = 0
        consumer.projector({
          processorId: `${kind}-${round}`,
          startFrom: 'BEGINNING',
          projection: totalsProjection(`${kind.replaceAll('-', '_')}_${round}`, keyOf(kind), () => {
            if (++handled === events) resolve(performance.now() - begin)
          }),
        })
        consumer.start().catch(reject)
      })
      await consumer.stop()
      await close()
      return time
    }),
}
