import { getPostgreSQLEventStore, type PostgresEventStore } from '@event-driven-io/emmett-postgresql'
import { quietly } from '../../measure/quiet.ts'
import { warmPool } from '../../postgres/cluster.ts'

export interface EmmettStore {
  readonly store: PostgresEventStore
  close(): Promise<void>
}

export async function createEmmett(url: string): Promise<void> {
  const store = getPostgreSQLEventStore(url)
  await quietly(() => store.schema.migrate())
  await store.close()
}

/** Its tables are there: no connection looks for them. */
export async function connectEmmett(url: string, connections: number): Promise<EmmettStore> {
  const pool = await warmPool({ connectionString: url, max: connections })
  const store = getPostgreSQLEventStore(url, {
    schema: { autoMigration: 'None' },
    connectionOptions: { pooled: true, pool },
  })
  return {
    store,
    close: async () => {
      await store.close()
      if (!pool.ended) await pool.end()
    },
  }
}
