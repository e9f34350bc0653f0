import { open } from 'headwater'
import { fillAccounts, makeDeposits } from '../command.ts'
import type { CommandPeer } from '../../peers/postgres/command-peer.ts'
import { bank } from '../bank.ts'

export const ourCommand: CommandPeer = {
  name: 'headwater',
  fill: async (db) => {
    const headwater = await open(bank, { db })
    await fillAccounts(headwater)
    await headwater.close()
  },
  connect: async (db) => {
    const headwater = await open(bank, { db })
    return { slice: makeDeposits(headwater), close: () => headwater.close() }
  },
}
