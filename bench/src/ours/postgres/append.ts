import { newId, open } from 'headwater'
import { type AppendPeer, loadOf } from '../../peers/postgres/append-peer.ts'
import { bank, Deposited } from '../bank.ts'

/** The whole path: validated, with an id of the caller's, hence idempotent, and with a command row. */
export const ourAppend: AppendPeer = {
  name: 'headwater',
  create: async (db) => (await open(bank, { db })).close(),
  connect: async (db) => {
    const headwater = await open(bank, { db })
    return loadOf(
      (stream, data) => headwater.append(stream, [Deposited(data)], { id: newId() }),
      () => headwater.close(),
    )
  },
}
