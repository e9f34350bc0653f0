import { join } from 'node:path'
import { rawFile } from '../data/files.ts'
import { payload } from '../data/payload.ts'
import { driveBatches } from '../measure/load.ts'
import type { AppendPeer } from './append-peer.ts'
import { openRaw, type CommandRows } from './raw-database.ts'

const largestBatch = 64

export const rawPlainAppend = rawAppend('none')
export const rawFullAppend = rawAppend('append')

/** Transactions of 64 events; of fewer where fewer callers could have asked for them. */
function rawAppend(commands: CommandRows): AppendPeer {
  return {
    name: 'raw-batch',
    open: async (folder, nextStream) => {
      const raw = openRaw(join(folder, rawFile))
      let n = 0
      const batch = (size: number) =>
        raw.insert(
          Array.from({ length: size }, () => ({ stream: nextStream(), revision: 1, data: payload(n++) })),
          commands,
        )
      return {
        slice: async (callers, milliseconds) =>
          driveBatches(Math.min(callers, largestBatch), milliseconds, batch),
        close: async () => raw.close(),
      }
    },
  }
}
