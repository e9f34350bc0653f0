import type {
  Checkpoint,
  DocumentQuery,
  DocumentRow,
  DocumentWrite,
  ViewCommit,
  ViewDocument,
  ViewDocumentPage,
  ViewStore,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { unknown } from './collection.ts'
import type { Database } from './database.ts'
import { PostgresDocuments } from './documents.ts'
import { codeOf } from './errors.ts'
import { prepareSchema, viewSchema } from './schema.ts'
import { prepared } from './sql.ts'
import { documentCalls } from './write-documents.ts'

const sql = prepared('view-store')

/** Views in a schema of their own: documents as beside a log, and with each collection the position that it shows. */
export class PostgresViewStore implements ViewStore {
  readonly name: string
  readonly largestCommit = { documents: 10_000, bytes: 8 * 1024 * 1024 }
  readonly #database: Database
  readonly #documents: PostgresDocuments
  /** Undefined: nobody has asked for anything, or it failed. */
  #preparation: Promise<void> | undefined

  constructor(database: Database) {
    this.name = database.name
    this.#database = database
    this.#documents = new PostgresDocuments(database)
  }

  define(collection: string, indexes: readonly string[], isSearchable?: boolean): Promise<void> {
    return this.#use(() => this.#documents.define(collection, indexes, isSearchable))
  }

  drop(collection: string): Promise<void> {
    return this.#use(() => this.#documents.drop(collection))
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (ViewDocument | undefined)[]> {
    return this.#use(async () => {
      const rows = await this.#documents.get(collection, branch, tenant, keys)
      return rows.map((row) => row && withoutVersion(row))
    })
  }

  list(query: DocumentQuery): Promise<ViewDocumentPage> {
    return this.#use(async () => {
      const { items, next } = await this.#documents.list(query)
      return { items: items.map(withoutVersion), next }
    })
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#use(() => this.#documents.count(collection, branch, tenant))
  }

  position(collection: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#use(async () => {
      const { rows } = await this.#database.run<[string | null, number, string | null]>(sql('position'), [
        collection,
        branch,
      ])
      if (rows[0] === undefined) throw unknown(collection)
      const [epoch, position, eventId] = rows[0]
      return epoch === null ? undefined : { epoch, position, eventId }
    })
  }

  /** In one round trip: the position first, at which whoever comes second waits, and then is refused. */
  commit({ collection, branch, from, checkpoint, token, documents }: ViewCommit): Promise<void> {
    const { epoch, position, eventId } = checkpoint
    const writes = documents.map(
      (write): DocumentWrite => ({
        ...write,
        collection,
        branch,
        expectedVersion: undefined,
      }),
    )
    return this.#use(() =>
      this.#database.batch([
        {
          statement: sql('advance'),
          values: [collection, branch, from ?? null, token, epoch, position, eventId],
        },
        ...documentCalls(writes, position),
      ]),
    )
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  /** @throws HeadwaterError `view.store-unavailable`, `view.store-refused`, and what the work throws */
  async #use<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      await this.#prepare()
      return await work()
    } catch (error) {
      throw toldOf(error, this.name)
    }
  }

  async #prepare(): Promise<void> {
    this.#preparation ??= prepareSchema(this.#database, viewSchema)
    try {
      await this.#preparation
    } catch (error) {
      // The next one tries again.
      this.#preparation = undefined
      throw error
    }
  }
}

function withoutVersion({ key, document, position }: DocumentRow): ViewDocument {
  return { key, document, position }
}

/** A database of views has codes of its own: its failures are none of the log. */
function toldOf(error: unknown, name: string): unknown {
  if (error instanceof HeadwaterError)
    return error.code === 'log.unavailable'
      ? new HeadwaterError('view.store-unavailable', error.message, { cause: error.cause })
      : error
  const text = error instanceof Error ? error.message : String(error)
  return new HeadwaterError('view.store-refused', `${name}: ${text} (${codeOf(error) ?? 'no code'})`, {
    cause: error,
  })
}
