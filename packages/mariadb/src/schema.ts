import { HeadwaterError } from '@headwater/core/errors'
import type { Connections, Row, Session } from './connections.ts'
import { codeOf, OutdatedCollection } from './errors.ts'

/** What is known of a collection, and where it lies. */
export interface Collection {
  readonly id: number
  readonly name: string
  readonly isSearchable: boolean
  /** The numbers of the paths that have an index. */
  readonly indexes: ReadonlyMap<string, number>
  /** Rises when one of these changes. */
  readonly generation: number
  readonly tables: Tables
}

export interface Tables {
  readonly documents: string
  readonly entries: string
  readonly words: string
}

/** Bytes of the longest tenant, key and word: an index of InnoDB holds 3,072 in all. */
export const longest = { tenant: 256, key: 1_024, word: 256, value: 512 }

/** The names of the tables that all collections share. */
export interface Shared {
  readonly collections: string
  readonly indexes: string
  readonly positions: string
}

export function sharedTables(prefix: string): Shared {
  return { collections: `${prefix}collections`, indexes: `${prefix}indexes`, positions: `${prefix}positions` }
}

export function tablesOf(prefix: string, id: number): Tables {
  return {
    documents: `${prefix}documents_${id}`,
    entries: `${prefix}entries_${id}`,
    words: `${prefix}words_${id}`,
  }
}

const engine = 'ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4'

export async function createShared(
  session: Session,
  { collections, indexes, positions }: Shared,
): Promise<void> {
  await session.run(`CREATE TABLE IF NOT EXISTS ${collections} (
    id         INT            NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARBINARY(512) NOT NULL UNIQUE,
    searchable TINYINT        NOT NULL,
    generation INT            NOT NULL
  ) ${engine}`)
  await session.run(`CREATE TABLE IF NOT EXISTS ${indexes} (
    id         INT            NOT NULL AUTO_INCREMENT PRIMARY KEY,
    collection INT            NOT NULL,
    path       VARBINARY(200) NOT NULL,
    UNIQUE (collection, path)
  ) ${engine}`)
  // One row for each collection and branch, from its first commit on.
  await session.run(`CREATE TABLE IF NOT EXISTS ${positions} (
    collection INT            NOT NULL,
    branch     BIGINT         NOT NULL,
    epoch      VARBINARY(512) NOT NULL,
    position   BIGINT         NOT NULL,
    event_id   VARBINARY(600),
    token      BIGINT         NOT NULL,
    PRIMARY KEY (collection, branch)
  ) ${engine}`)
}

/** Tenants, keys and values are bytes: MariaDB orders them as every store does, and adds no blanks. */
export async function createTables(session: Session, { documents, entries, words }: Tables): Promise<void> {
  const place = `branch BIGINT NOT NULL, tenant VARBINARY(${longest.tenant}) NOT NULL, \`key\` VARBINARY(${longest.key}) NOT NULL`
  await session.run(`CREATE TABLE IF NOT EXISTS ${documents} (
    ${place},
    document LONGTEXT,
    bytes    LONGBLOB,
    position BIGINT NOT NULL,
    PRIMARY KEY (branch, tenant, \`key\`)
  ) ${engine}`)
  await session.run(`CREATE TABLE IF NOT EXISTS ${entries} (
    ${place},
    path  INT                        NOT NULL,
    value VARBINARY(${longest.value}) NOT NULL,
    PRIMARY KEY (branch, tenant, \`key\`, path),
    INDEX upwards (branch, tenant, path, value, \`key\`),
    INDEX downwards (branch, tenant, path, value DESC, \`key\`)
  ) ${engine}`)
  await session.run(`CREATE TABLE IF NOT EXISTS ${words} (
    ${place},
    word VARBINARY(${longest.word}) NOT NULL,
    PRIMARY KEY (branch, tenant, \`key\`, word),
    INDEX by_word (branch, tenant, word, \`key\`)
  ) ${engine}`)
}

/** The collections of one database, as far as this process has heard of them. */
export class Collections {
  readonly #connections: Connections
  readonly #prefix: string
  readonly #shared: Shared
  readonly #known = new Map<string, Collection>()

  constructor(connections: Connections, prefix: string) {
    this.#connections = connections
    this.#prefix = prefix
    this.#shared = sharedTables(prefix)
  }

  /**
   * Does something with a collection; once more, if it turns out to be another one than this process knew.
   *
   * @throws HeadwaterError `view.unknown`
   */
  async use<Result>(name: string, work: (collection: Collection) => Promise<Result>): Promise<Result> {
    const known = this.#known.get(name)
    if (known !== undefined) {
      try {
        return await work(known)
      } catch (error) {
        if (!isOutdated(error)) throw error
      }
    }
    const collection = await this.#load(name)
    if (collection === undefined) throw unknown(name)
    this.#known.set(name, collection)
    try {
      return await work(collection)
    } catch (error) {
      if (!isMissingTable(error)) throw error
      // Its tables come after its row, and go before it: it is being defined or dropped at this moment.
      this.forget(name)
      throw unknown(name)
    }
  }

  forget(name: string): void {
    this.#known.delete(name)
  }

  async #load(name: string): Promise<Collection | undefined> {
    this.forget(name)
    try {
      return await describe(this.#connections, this.#shared, this.#prefix, name)
    } catch (error) {
      // Nobody has defined anything here yet.
      if (isMissingTable(error)) return undefined
      throw error
    }
  }
}

export async function describe(
  session: Session,
  { collections, indexes }: Shared,
  prefix: string,
  name: string,
): Promise<Collection | undefined> {
  const [row] = await session.rows(`SELECT id, searchable, generation FROM ${collections} WHERE name = ?`, [
    bytes(name),
  ])
  if (row === undefined) return undefined
  const id = Number(row[0])
  const paths = await session.rows(`SELECT path, id FROM ${indexes} WHERE collection = ?`, [id])
  return {
    id,
    name,
    isSearchable: Number(row[1]) === 1,
    generation: Number(row[2]),
    indexes: new Map(paths.map(([path, number]) => [text(path), Number(number)])),
    tables: tablesOf(prefix, id),
  }
}

function isOutdated(error: unknown): boolean {
  return error instanceof OutdatedCollection || isMissingTable(error)
}

function isMissingTable(error: unknown): boolean {
  return error instanceof HeadwaterError && codeOf(error.cause) === 'ER_NO_SUCH_TABLE'
}

export function unknown(name: string): HeadwaterError {
  return new HeadwaterError('view.unknown', `No collection ${name} is defined`)
}

export function bytes(value: string): Uint8Array {
  return Buffer.from(value, 'utf8')
}

/** Of a column of bytes. */
export function text(value: Row[number] | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value ?? '')
}
