import { join } from 'node:path'
import { rawFile } from '../data/files.ts'
import { accountName, payload } from '../data/payload.ts'
import { driveBatches } from '../measure/load.ts'
import { hotStreams, pickAccount, priorEvents, type CommandPeer } from './command-peer.ts'
import { openRaw } from './raw-database.ts'

/** The rows that 64 commands leave, event and command row, in one transaction; nothing is loaded or decided. */
export const rawCommand: CommandPeer = {
  name: 'raw-batch',
  open: async (folder) => {
    const raw = openRaw(join(folder, rawFile))
    const revisions = new Array<number>(hotStreams).fill(0)
    let n = 0
    const next = (account: number) => {
      const revision = (revisions[account] ?? 0) + 1
      revisions[account] = revision
      const data = { ...payload(n++), account: accountName(account) }
      return { stream: `account-${data.account}`, revision, data }
    }
    for (let account = 0; account < hotStreams; account++) {
      raw.insert(
        Array.from({ length: priorEvents }, () => next(account)),
        'none',
      )
    }
    return {
      slice: async (callers, milliseconds) =>
        driveBatches(callers, milliseconds, (size) =>
          raw.insert(
            Array.from({ length: size }, () => next(pickAccount())),
            'decided',
          ),
        ),
      close: async () => raw.close(),
    }
  },
}
