import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres'
import { type AppendPeer, loadOf } from './append-peer.ts'

const tableName = 'event'

/** The storage adapter by itself, without an event store's reducer and validation above it. */
export const castoreAppend: AppendPeer = {
  name: 'castore-postgres',
  create: async (connectionString) => {
    await PostgresEventStorageAdapter.createEventTable({
      connectionString,
      tableName,
      aggregateId: { type: 'VARCHAR', length: 64 },
      aggregateNameLength: 32,
      typeLength: 64,
    })
  },
  connect: async (url, connections) => {
    // Its driver takes what is not said in code from the URL.
    const sized = new URL(url)
    sized.searchParams.set('max', String(connections))
    const adapter = new PostgresEventStorageAdapter({ connectionString: sized.href, tableName })
    const context = { eventStoreId: 'accounts' }
    await Promise.all(Array.from({ length: connections }, () => adapter.getEvents('nothing', context)))
    return loadOf(
      (aggregateId, data) =>
        adapter.pushEvent({ aggregateId, version: 1, type: 'Deposited', payload: data }, context),
      () => closeDriver(adapter),
    )
  },
}

/** It has no way to close what it opened. */
async function closeDriver(adapter: PostgresEventStorageAdapter): Promise<void> {
  const driver: unknown = Reflect.get(adapter, '_sql')
  if (typeof driver === 'function' && 'end' in driver && typeof driver.end === 'function')
    await driver.end({ timeout: 5 })
}
