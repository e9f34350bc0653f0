import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { SqliteStore } from '@rotorsoft/act-sqlite'
import { payload } from '../data/payload.ts'
import { drive } from '../measure/load.ts'
import { retryBusy } from '../measure/retry.ts'
import type { AppendPeer } from './append-peer.ts'

/** Act's store at its lowest level, `commit`: no action, no state, no validation above it. */
export const actAppend: AppendPeer = {
  name: 'act-sqlite',
  open: async (folder, nextStream) => {
    const store = new SqliteStore({ url: `file:${join(folder, 'act.db')}` })
    await store.seed()
    let n = 0
    return {
      slice: (callers, milliseconds) =>
        drive(callers, milliseconds, (end) => {
          const stream = nextStream()
          const message = { name: 'Deposited', data: payload(n++) }
          const meta = { correlation: randomUUID(), causation: {} }
          return retryBusy(end, () => store.commit(stream, [message], meta))
        }),
      close: () => store.dispose(),
    }
  },
}
