import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { app, open } from 'headwater'
import { ourFile } from '../data/files.ts'
import { payload } from '../data/payload.ts'
import type { LatencyPeer } from '../peers/latency-peer.ts'
import { account, Deposited, totals } from './bank.ts'

/** The moment is taken when a reader that waits for the position has the document in hand. */
export const ourLatency: LatencyPeer = {
  name: 'headwater',
  open: async (folder, nextStream) => {
    const byBranch = totals('totals', 'branch')
    const definition = app({ name: 'bank', aggregates: [account], views: [byBranch] })
    const headwater = await open(definition, { db: join(folder, ourFile) })
    let sample = 0
    return {
      sample: async () => {
        const event = payload(sample++)
        const begin = performance.now()
        const { position } = await headwater.append(nextStream(), [Deposited(event)])
        const item = await headwater.view(byBranch).get(event.branch, { waitFor: position })
        const time = performance.now() - begin
        if (item === undefined)
          throw new Error('The view has no document for an event that it was waited for')
        return time
      },
      close: () => headwater.close(),
    }
  },
}
