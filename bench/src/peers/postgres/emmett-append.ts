import type { Payload } from '../../data/payload.ts'
import { type AppendPeer, loadOf } from './append-peer.ts'
import { connectEmmett, createEmmett } from './emmett-store.ts'

type Deposited = { type: 'Deposited'; data: Payload }

export const emmettAppend: AppendPeer = {
  name: 'emmett-postgresql',
  create: createEmmett,
  connect: async (url, connections) => {
    const { store, close } = await connectEmmett(url, connections)
    return loadOf((stream, data) => {
      const event: Deposited = { type: 'Deposited', data }
      return store.appendToStream(stream, [event])
    }, close)
  },
}
