import { join } from 'node:path'
import { open } from 'headwater'
import { payload } from '../../data/payload.ts'
import { machineNow } from '../../measure/machine-clock.ts'
import type { LatencyPeer } from '../../peers/latency-peer.ts'
import { HandledEvents, HandlingProcess } from '../../postgres/handling.ts'
import { bank, Deposited } from '../bank.ts'

export const handlingModule = join(import.meta.dirname, 'handling-child.ts')

/** The moment is taken when a handler in another process is given the event. */
export const ourLatency: LatencyPeer = {
  name: 'headwater',
  open: async (url, nextStream) => {
    const headwater = await open(bank, { db: url })
    const events = new HandledEvents()
    const other = await HandlingProcess.start(handlingModule, [url], events)
    let n = 0
    return {
      sample: async () => {
        const event = Deposited(payload(n++))
        const begin = machineNow()
        const { position } = await headwater.append(nextStream(), [event])
        return (await events.take(position)).at - begin
      },
      close: async () => {
        await other.kill()
        await headwater.close()
      },
    }
  },
}
