import { randomUUID } from 'node:crypto'
import { PostgresStore } from '@rotorsoft/act-pg'
import { type AppendPeer, loadOf } from './append-peer.ts'

/** Its store hands what it is given on to its pool. */
function storeOf(url: string, max: number): PostgresStore {
  const { hostname, port, pathname, username, password } = new URL(url)
  const config = {
    host: hostname,
    port: Number(port || 5432),
    database: pathname.slice(1),
    user: decodeURIComponent(username) || 'postgres',
    password: decodeURIComponent(password),
    schema: 'act',
    max,
    idleTimeoutMillis: 0,
  }
  return new PostgresStore(config)
}

/** Act's store at its lowest level, `commit`: no action, no state, no validation above it. */
export const actAppend: AppendPeer = {
  name: 'act-pg',
  create: async (url) => {
    const store = storeOf(url, 1)
    await store.seed()
    await store.dispose()
  },
  connect: async (url, connections) => {
    const store = storeOf(url, connections)
    await Promise.all(
      Array.from({ length: connections }, () =>
        store.query(() => undefined, { stream: 'nothing', limit: 1 }),
      ),
    )
    return loadOf(
      (stream, data) =>
        store.commit(stream, [{ name: 'Deposited', data }], { correlation: randomUUID(), causation: {} }),
      () => store.dispose(),
    )
  },
}
