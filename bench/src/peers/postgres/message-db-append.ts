import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { query, warmPool } from '../../postgres/cluster.ts'
import { type AppendPeer, loadOf } from './append-peer.ts'

const sources = join(import.meta.dirname, '../../../node_modules/@eventide/message-db/database')

/** In the order of its installer, without roles and privileges. What it needs of pgcrypto is PostgreSQL's own since 13. */
const parts = [
  'schema/message-store',
  'tables/messages',
  'types/message',
  'functions/message-store-version',
  'functions/hash-64',
  'functions/acquire-lock',
  'functions/category',
  'functions/is-category',
  'functions/id',
  'functions/cardinal-id',
  'functions/stream-version',
  'functions/write-message',
  'indexes/messages-id',
  'indexes/messages-category',
  'indexes/messages-stream',
]

/** At its best: writers of one category wait for one another, so each caller has a category of its own. */
export const messageDbAppend: AppendPeer = {
  name: 'message-db',
  create: async (url) => {
    const text = parts.map((part) => readFileSync(join(sources, `${part}.sql`), 'utf8'))
    await query(url, ['SET search_path = message_store, public', ...text].join(';\n'))
  },
  connect: async (url, connections) => {
    const pool = await warmPool({
      connectionString: url,
      max: connections,
      options: '-c search_path=message_store,public',
    })
    return loadOf(
      (stream, data, caller) =>
        pool.query({
          name: 'write',
          text: 'SELECT write_message($1, $2, $3, $4, NULL, -1)',
          values: [randomUUID(), `caller${caller}-${stream}`, 'Deposited', JSON.stringify(data)],
        }),
      () => pool.end(),
    )
  },
}
