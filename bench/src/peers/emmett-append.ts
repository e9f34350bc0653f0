import { payload, type Payload } from '../data/payload.ts'
import { drive } from '../measure/load.ts'
import { quietly } from '../measure/quiet.ts'
import { retryBusy } from '../measure/retry.ts'
import type { AppendPeer } from './append-peer.ts'
import { openEmmett } from './emmett-store.ts'

type Deposited = { type: 'Deposited'; data: Payload }

export const emmettAppend: AppendPeer = {
  name: 'emmett-sqlite',
  open: async (folder, nextStream) => {
    const database = await openEmmett(folder)
    let n = 0
    return {
      slice: (callers, milliseconds) => {
        const store = callers === 1 ? database.single : database.pooled
        return quietly(() =>
          drive(callers, milliseconds, (end) => {
            const stream = nextStream()
            const event: Deposited = { type: 'Deposited', data: payload(n++) }
            return retryBusy(end, () => store.appendToStream(stream, [event]))
          }),
        )
      },
      close: database.close,
    }
  },
}
