import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { outOfTurn } from './memory/view-store.ts'
import { mainBranch, type AppendRequest } from './port.ts'
import type { Checkpoint, DocumentQuery, DocumentRow, Store } from './store.ts'
import type { ViewCommit, ViewDatabase, ViewDocument, ViewDocumentPage, ViewStore } from './view-store.ts'

/**
 * Views in any store that is not the log's own, such as a file of SQLite beside a log in PostgreSQL. The position stands
 * among the documents that it belongs to, as one of a tenant that nobody can be: it is committed, and dropped, with them.
 *
 * @param name for messages, without secrets
 * @param open called when it is first asked for something, and again where it failed
 */
export function storeViews(name: string, open: () => Promise<Store>): ViewDatabase {
  return { name, open: () => new StoreViews(name, open) }
}

/** Tenants hold no control characters. */
const nobody = '\u0000'
const positionKey = 'position'

/** A transaction is to hold up neither the thread nor others for long. */
const largestCommit = { documents: 2_000, bytes: 8 * 1024 * 1024 }

interface Standing extends Checkpoint {
  readonly token: number
}

class StoreViews implements ViewStore {
  readonly name: string
  readonly largestCommit = largestCommit
  readonly #open: () => Promise<Store>
  #opened: Promise<Store> | undefined
  #isClosed = false

  constructor(name: string, open: () => Promise<Store>) {
    this.name = name
    this.#open = open
  }

  define(collection: string, indexes: readonly string[], isSearchable?: boolean): Promise<void> {
    return this.#use(({ documents }) => documents.define(collection, indexes, isSearchable))
  }

  drop(collection: string): Promise<void> {
    return this.#use(({ documents }) => documents.drop(collection))
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (ViewDocument | undefined)[]> {
    return this.#use(async ({ documents }) => {
      const rows = await documents.get(collection, branch, tenant, keys)
      return rows.map((row) => row && withoutVersion(row))
    })
  }

  list(query: DocumentQuery): Promise<ViewDocumentPage> {
    return this.#use(async ({ documents }) => {
      const { items, next } = await documents.list(query)
      return { items: items.map(withoutVersion), next }
    })
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#use(({ documents }) => documents.count(collection, branch, tenant))
  }

  position(collection: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#use(async (store) => {
      const { standing } = await standingOf(store, collection, branch)
      if (standing === undefined) return undefined
      const { epoch, position, eventId } = standing
      return { epoch, position, eventId }
    })
  }

  commit(commit: ViewCommit): Promise<void> {
    return this.#use((store) => write(store, commit))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // One that could not be opened has told whoever asked for it.
    const [opening] = await Promise.allSettled([this.#opened])
    if (opening.status === 'fulfilled') await opening.value?.close()
  }

  /** @throws HeadwaterError `log.closed`, `view.store-unavailable`, and what the work throws */
  async #use<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new HeadwaterError('log.closed', `${this.name} is closed`)
    try {
      return await work(await this.#store())
    } catch (error) {
      throw toldOf(error)
    }
  }

  async #store(): Promise<Store> {
    this.#opened ??= this.#open()
    try {
      return await this.#opened
    } catch (error) {
      // The next one tries again.
      this.#opened = undefined
      throw error
    }
  }
}

async function standingOf(
  { documents }: Store,
  collection: string,
  branch: number,
): Promise<{ readonly standing: Standing | undefined; readonly version: number }> {
  const [row] = await documents.get(collection, branch, nobody, [positionKey])
  return row === undefined
    ? { standing: undefined, version: 0 }
    : { standing: JSON.parse(String(row.document)) as Standing, version: row.version }
}

/** Whoever moves the position first gives it another version: the others conflict with it. */
async function write(store: Store, commit: ViewCommit): Promise<void> {
  const { collection, branch, from, checkpoint, token, documents } = commit
  const { standing, version } = await standingOf(store, collection, branch)
  if (standing?.position !== from || (standing?.token ?? 0) > token) throw outOfTurn(commit)
  const place = { collection, branch }
  const position = {
    ...place,
    tenant: nobody,
    key: positionKey,
    document: JSON.stringify({ ...checkpoint, token } satisfies Standing),
    expectedVersion: version,
    position: checkpoint.position,
  }
  const writes = documents.map((one) => ({ ...one, ...place, expectedVersion: undefined }))
  const [result] = await store.log.append([requestOf([position, ...writes])])
  if (result?.status === 'appended') return
  if (result?.status === 'failed') throw result.error
  throw outOfTurn(commit)
}

/** Nothing is appended, whatever the branch of the documents. */
function requestOf(documents: AppendRequest['documents']): AppendRequest {
  return {
    tenant: '',
    branch: mainBranch,
    commandId: 'views',
    actor: null,
    correlationId: null,
    causationId: null,
    streams: [],
    conditions: [],
    documents,
    command: null,
  }
}

function withoutVersion({ key, document, position }: DocumentRow): ViewDocument {
  return { key, document, position }
}

/** Its failures are none of the log. */
function toldOf(error: unknown): unknown {
  if (!isHeadwaterError(error, 'log.unavailable') && !isHeadwaterError(error, 'log.busy')) return error
  return new HeadwaterError('view.store-unavailable', error.message, { cause: error })
}
