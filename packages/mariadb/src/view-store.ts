import {
  pageOf,
  type Checkpoint,
  type DocumentQuery,
  type ViewCommit,
  type ViewDocument,
  type ViewDocumentPage,
  type ViewStore,
} from '@headwater/core'
import { tuples } from './bulk.ts'
import { writeCommit, writeEntries } from './commit.ts'
import type { Connections, Session } from './connections.ts'
import { candidatesOf, documentOf } from './list.ts'
import {
  bytes,
  Collections,
  createShared,
  createTables,
  describe,
  sharedTables,
  tablesOf,
  text,
  type Collection,
  type Shared,
} from './schema.ts'

const keysAtOnce = 256
const backfillAtOnce = 500

export class MariadbViewStore implements ViewStore {
  readonly name: string
  readonly largestCommit = { documents: 5_000, bytes: 8 * 1024 * 1024 }
  readonly #connections: Connections
  readonly #prefix: string
  readonly #mostScanned: number
  readonly #shared: Shared
  readonly #collections: Collections

  constructor(
    name: string,
    connections: Connections,
    { prefix, mostScanned }: { readonly prefix: string; readonly mostScanned: number },
  ) {
    this.name = name
    this.#connections = connections
    this.#prefix = prefix
    this.#mostScanned = mostScanned
    this.#shared = sharedTables(prefix)
    this.#collections = new Collections(connections, prefix)
  }

  async define(collection: string, indexes: readonly string[], isSearchable = false): Promise<void> {
    const wanted = [...new Set(indexes)].filter((path) => path !== '$key')
    await createShared(this.#connections, this.#shared)
    const { collections } = this.#shared
    await this.#connections.run(
      `INSERT INTO ${collections} (name, searchable, generation) VALUES (?, ?, 1) ON DUPLICATE KEY UPDATE id = id`,
      [bytes(collection), isSearchable ? 1 : 0],
    )
    const known = await describe(this.#connections, this.#shared, this.#prefix, collection)
    if (known === undefined) return this.define(collection, indexes, isSearchable)
    await createTables(this.#connections, tablesOf(this.#prefix, known.id))
    const isNew = wanted.some((path) => !known.indexes.has(path)) || (isSearchable && !known.isSearchable)
    if (isNew)
      await this.#connections.transaction((session) => this.#extend(session, known, wanted, isSearchable))
    this.#collections.forget(collection)
  }

  /** No commit is under way meanwhile: each holds the collection's row for reading. */
  async #extend(
    session: Session,
    { id, name }: Collection,
    wanted: readonly string[],
    isSearchable: boolean,
  ): Promise<void> {
    const { collections, indexes } = this.#shared
    await session.rows(`SELECT id FROM ${collections} WHERE id = ? FOR UPDATE`, [id])
    for (const path of wanted) {
      await session.run(
        `INSERT INTO ${indexes} (collection, path) VALUES (?, ?) ON DUPLICATE KEY UPDATE path = path`,
        [id, bytes(path)],
      )
    }
    await session.run(
      `UPDATE ${collections} SET generation = generation + 1, searchable = GREATEST(searchable, ?) WHERE id = ?`,
      [isSearchable ? 1 : 0, id],
    )
    const extended = await describe(session, this.#shared, this.#prefix, name)
    if (extended !== undefined && extended.indexes.size > 0) await this.#fillIn(session, extended)
  }

  /** What was written before an index was there has no place in it yet. */
  async #fillIn(session: Session, collection: Collection): Promise<void> {
    let place: readonly [number, Uint8Array, Uint8Array] = [
      Number.MIN_SAFE_INTEGER,
      new Uint8Array(),
      new Uint8Array(),
    ]
    for (;;) {
      const rows = await session.rows(
        `SELECT d.\`key\`, d.document, d.bytes, d.position, d.branch, d.tenant FROM ${collection.tables.documents} d
         WHERE (d.branch, d.tenant, d.\`key\`) > (?, ?, ?) ORDER BY d.branch, d.tenant, d.\`key\` LIMIT ${backfillAtOnce}`,
        place,
      )
      for (const row of rows) {
        const [, , , , branch, tenant] = row
        await writeEntries(session, collection, Number(branch), [
          { ...documentOf(row), tenant: text(tenant) },
        ])
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < backfillAtOnce) return
      place = [Number(last[4]), bytes(text(last[5])), bytes(text(last[0]))]
    }
  }

  async drop(collection: string): Promise<void> {
    await createShared(this.#connections, this.#shared)
    const { collections, indexes, positions } = this.#shared
    const id = await this.#connections.transaction(async (session) => {
      const [row] = await session.rows(`SELECT id FROM ${collections} WHERE name = ? FOR UPDATE`, [
        bytes(collection),
      ])
      if (row === undefined) return undefined
      await session.run(`DELETE FROM ${positions} WHERE collection = ?`, [Number(row[0])])
      await session.run(`DELETE FROM ${indexes} WHERE collection = ?`, [Number(row[0])])
      await session.run(`DELETE FROM ${collections} WHERE id = ?`, [Number(row[0])])
      return Number(row[0])
    })
    this.#collections.forget(collection)
    if (id === undefined) return
    const { documents, entries, words } = tablesOf(this.#prefix, id)
    await this.#connections.run(`DROP TABLE IF EXISTS ${documents}, ${entries}, ${words}`)
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (ViewDocument | undefined)[]> {
    return this.#collections.use(collection, async ({ tables }) => {
      const found = new Map<string, ViewDocument>()
      for (let from = 0; from < keys.length; from += keysAtOnce) {
        const some = keys.slice(from, from + keysAtOnce)
        // Filled up with a key that is among them, so that few statements differ.
        const padded = Array.from({ length: some.length === 1 ? 1 : keysAtOnce }, (_, index) =>
          bytes(some[index] ?? some[0] ?? ''),
        )
        const rows = await this.#connections.rows(
          `SELECT d.\`key\`, d.document, d.bytes, d.position FROM ${tables.documents} d
           WHERE d.branch = ? AND d.tenant = ? AND d.\`key\` IN ${tuples(1, padded.length)}`,
          [branch, bytes(tenant), ...padded],
        )
        for (const row of rows) {
          const document = documentOf(row)
          found.set(document.key, document)
        }
      }
      return keys.map((key) => found.get(key))
    })
  }

  list(query: DocumentQuery): Promise<ViewDocumentPage> {
    return this.#collections.use(query.collection, (collection) =>
      pageOf(query, candidatesOf(this.#connections, collection, query), this.#mostScanned),
    )
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#collections.use(collection, async ({ tables }) => {
      const count = `SELECT COUNT(*) FROM ${tables.documents} WHERE branch = ? AND tenant = ?`
      const [row] = await this.#connections.rows(count, [branch, bytes(tenant)])
      return Number(row?.[0] ?? 0)
    })
  }

  position(collection: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#collections.use(collection, async ({ id, tables }) => {
      const { positions } = this.#shared
      // Of a collection that is gone its table is as well: it is asked, so that nobody begins where nothing is.
      await this.#connections.rows(`SELECT 1 FROM ${tables.documents} LIMIT 1`)
      const [row] = await this.#connections.rows(
        `SELECT epoch, position, event_id FROM ${positions} WHERE collection = ? AND branch = ?`,
        [id, branch],
      )
      if (row === undefined) return undefined
      const [epoch, position, eventId] = row
      return {
        epoch: text(epoch),
        position: Number(position),
        eventId: eventId === null ? null : text(eventId),
      }
    })
  }

  commit(commit: ViewCommit): Promise<void> {
    return this.#collections.use(commit.collection, (collection) =>
      this.#connections.transaction((session) => writeCommit(session, this.#shared, collection, commit)),
    )
  }

  close(): Promise<void> {
    return this.#connections.close()
  }
}
