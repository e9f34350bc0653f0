import { join } from 'node:path'
import { newId, open, type Headwater } from 'headwater'
import { ourFile } from '../data/files.ts'
import { payload } from '../data/payload.ts'
import { drive } from '../measure/load.ts'
import type { AppendPeer } from '../peers/append-peer.ts'
import { bank, Deposited } from './bank.ts'

export const plainAppend = appendBy((headwater, stream, n) =>
  headwater.append(stream, [Deposited(payload(n))]),
)

/** With an id of the caller's the append is idempotent, and a command row says so. */
export const fullAppend = appendBy((headwater, stream, n) =>
  headwater.append(stream, [Deposited(payload(n))], { id: newId() }),
)

function appendBy(append: (headwater: Headwater, stream: string, n: number) => Promise<unknown>): AppendPeer {
  return {
    name: 'headwater',
    open: async (folder, nextStream) => {
      const headwater = await open(bank, { db: join(folder, ourFile) })
      let n = 0
      return {
        slice: (callers, milliseconds) =>
          drive(callers, milliseconds, () => append(headwater, nextStream(), n++)),
        close: () => headwater.close(),
      }
    },
  }
}
