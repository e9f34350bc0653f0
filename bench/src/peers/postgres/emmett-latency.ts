import { join } from 'node:path'
import { payload } from '../../data/payload.ts'
import { machineNow } from '../../measure/machine-clock.ts'
import { HandledEvents, HandlingProcess } from '../../postgres/handling.ts'
import type { LatencyPeer } from '../latency-peer.ts'
import { connectEmmett, createEmmett } from './emmett-store.ts'
import type { Deposited } from './emmett-totals.ts'

/** The moment is taken when a processor in another process is given the event. */
export const emmettLatency: LatencyPeer = {
  name: 'emmett-postgresql',
  open: async (url, nextStream) => {
    await createEmmett(url)
    const { store, close } = await connectEmmett(url, 1)
    const events = new HandledEvents()
    const module = join(import.meta.dirname, 'emmett-handling-child.ts')
    const other = await HandlingProcess.start(module, [url], events)
    let n = 0
    return {
      sample: async () => {
        const event: Deposited = { type: 'Deposited', data: payload(n++) }
        const begin = machineNow()
        const { lastEventGlobalPosition } = await store.appendToStream(nextStream(), [event])
        return (await events.take(Number(lastEventGlobalPosition))).at - begin
      },
      close: async () => {
        await other.kill()
        await close()
      },
    }
  },
}
