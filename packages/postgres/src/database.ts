import { HeadwaterError } from '@headwater/core/errors'
import pg from 'pg'
import { codeOf, isConflict, translated } from './errors.ts'

/** What a statement takes: bytes as `bytea`, arrays as PostgreSQL's arrays. */
export type Value = string | number | bigint | boolean | null | Uint8Array | readonly Value[]

/** The columns of a row in the order of the statement: `bigint` as a number, `bytea` as a Buffer. */
export type Columns = unknown[]

export interface Answer<Row extends Columns> {
  readonly rows: readonly Row[]
  /** How many rows were inserted, updated, deleted or given. */
  readonly count: number
}

/**
 * A statement of our own: `name` lets every connection prepare it once. One that is made anew for each call, such as a
 * query of a user's, has none.
 */
export interface Statement {
  readonly name?: string
  readonly text: string
}

/** A statement with its values. */
export interface Call {
  readonly statement: Statement
  readonly values: readonly Value[]
}

/** One connection with a transaction, or any connection without. */
export interface Session {
  run<Row extends Columns = Columns>(statement: Statement, values?: readonly Value[]): Promise<Answer<Row>>
}

export interface DatabaseOptions {
  /** For messages, without a password: `postgres:host/database`. */
  readonly name: string
  readonly url: string
  readonly schema: string
  /** How many connections there may be. */
  readonly connections: number
  /** How long one statement may take, in milliseconds; the database ends it then. */
  readonly statementTimeLimit: number
  /** How long a transaction of ours may stand still, in milliseconds: whoever freezes in one lets the others go on after it. */
  readonly idleTimeLimit: number
}

const applicationName = 'headwater'

/** How long a connection that was lost may take to end, in milliseconds. */
const mostPatience = 5_000

/** Whether a transaction may have taken place if the connection is lost now. */
interface Commit {
  isUnderWay: boolean
}

/** A deadlock is nobody's fault: PostgreSQL undoes one of the two, which then tries again. */
const mostAttempts = 20

/** The connections to one database and schema, made when they are needed. */
export class Database implements Session {
  readonly name: string
  readonly schema: string
  /** Where the tables of users are, beside ours: nobody who may read them needs to see the log. */
  readonly userSchema: string
  readonly #pool: pg.Pool
  readonly #config: pg.ClientConfig
  #isClosed = false

  constructor(options: DatabaseOptions) {
    this.name = options.name
    this.schema = options.schema
    this.userSchema = `${options.schema}_tables`
    const { url, settings } = partsOf(options.url)
    this.#config = {
      connectionString: url,
      application_name: applicationName,
      options: settingsOf([options.schema, this.userSchema, 'pg_catalog'], settings),
      statement_timeout: options.statementTimeLimit,
      idle_in_transaction_session_timeout: options.idleTimeLimit,
      connectionTimeoutMillis: Math.min(options.statementTimeLimit, 10_000),
      // Several statements can be on their way at once; they are run in their order.
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: { getTypeParser: typeParser },
    }
    this.#pool = new pg.Pool({ ...this.#config, max: options.connections, idleTimeoutMillis: 30_000 })
    // A connection that ends fails what is under way on it, and is replaced when one is needed; without a listener, of the
    // pool while it is idle and its own while it is used, it would end the process.
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  /** In a transaction of its own. @throws HeadwaterError `log.closed`, `log.unavailable` */
  run<Row extends Columns = Columns>(
    statement: Statement,
    values: readonly Value[] = [],
  ): Promise<Answer<Row>> {
    return this.#use((client) => new ClientSession(client).run<Row>(statement, values))
  }

  /**
   * The same for one that writes, where it matters whether it did.
   *
   * @throws HeadwaterError `log.closed`, `log.unavailable`, `log.outcome-unknown`
   */
  write<Row extends Columns = Columns>(
    statement: Statement,
    values: readonly Value[] = [],
  ): Promise<Answer<Row>> {
    return this.#use((client, commit) => {
      commit.isUnderWay = true
      return new ClientSession(client).run<Row>(statement, values)
    })
  }

  /**
   * Runs work in one READ COMMITTED transaction; again from its beginning, if it met another one that waited for it.
   *
   * @throws HeadwaterError `log.closed`, `log.unavailable`: nothing was written; `log.outcome-unknown`: the connection was
   *   lost while it was committed
   */
  transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#use(async (client, commit) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.query('BEGIN')
          const result = await work(new ClientSession(client))
          commit.isUnderWay = true
          await client.query('COMMIT')
          return result
        } catch (error) {
          if (!isOfStatement(error)) throw error
          commit.isUnderWay = false
          await client.query('ROLLBACK')
          if (!isConflict(error) || attempt >= mostAttempts) throw error
        }
      }
    })
  }

  /**
   * Runs calls in one transaction and one round trip. None depends on the answer of another: one that must not be done
   * raises an error, which undoes them all.
   *
   * @throws HeadwaterError as a transaction does, and what a call raises
   */
  async batch(calls: readonly Call[]): Promise<void> {
    const [first, ...others] = calls
    if (first === undefined) return
    if (others.length === 0) await this.run(first.statement, first.values)
    else await this.transaction((session) => runAll(session, calls))
  }

  /** A query of a user's, with the names of its columns; `parserOf` says how a type of PostgreSQL's is read. */
  ask(
    statement: Statement,
    values: readonly Value[],
    parserOf: (type: number) => (text: string) => unknown,
  ): Promise<{ readonly names: readonly string[]; readonly rows: readonly Columns[] }> {
    return this.#use(async (client) => {
      const types = { getTypeParser: parserOf }
      const { fields, rows } = await client.query<Columns>({ ...queryOf(statement, values), types })
      return { names: fields.map(({ name }) => name), rows }
    })
  }

  /** A connection outside of the pool, such as one that listens. Whoever asks for it ends it. */
  client(): pg.Client {
    if (this.#isClosed) throw this.#closed()
    return new pg.Client(this.#config)
  }

  /** For a call that has nothing to ask the database. @throws HeadwaterError `log.closed` */
  requireOpen(): void {
    if (this.#isClosed) throw this.#closed()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#pool.end()
  }

  /**
   * Ends a connection of this process that it lost, and what it may still be doing there.
   *
   * @param process of the server, as `log.outcome-unknown` names it in its details
   * @returns false: it can't be told whether it has ended
   */
  async end(process: unknown): Promise<boolean> {
    if (typeof process !== 'number') return false
    return this.#use(async (client) => {
      // Behind a pool that shares out connections the numbers are the pool's own.
      const own = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      if (own.rows[0]?.pid !== numberOf(client)) return false
      const { rows } = await client.query<{ ended: boolean }>(
        'SELECT pg_terminate_backend(pid, $2) AS ended FROM pg_stat_activity WHERE pid = $1 AND application_name = $3',
        [process, mostPatience, applicationName],
      )
      return rows.every(({ ended }) => ended)
    })
  }

  async #use<Result>(work: (client: pg.PoolClient, commit: Commit) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw this.#closed()
    let client: pg.PoolClient | undefined
    const commit: Commit = { isUnderWay: false }
    try {
      client = await this.#pool.connect()
      const result = await work(client, commit)
      client.release()
      return result
    } catch (error) {
      // After an error that is not the server's word on a statement, nobody can tell what state the connection is in.
      const isLost = !isOfStatement(error)
      client?.release(isLost ? true : undefined)
      if (!isLost || !commit.isUnderWay) throw translated(error, this.name)
      throw new HeadwaterError('log.outcome-unknown', `${this.name}: the connection was lost in the commit`, {
        cause: error,
        details: { process: client && numberOf(client) },
      })
    }
  }

  #closed(): HeadwaterError {
    return new HeadwaterError('log.closed', `${this.name} is closed`)
  }
}

/** Without waiting for one before the next is sent. */
export async function runAll(session: Session, calls: readonly Call[]): Promise<void> {
  const answers = await Promise.allSettled(
    calls.map(({ statement, values }) => session.run(statement, values)),
  )
  // Those behind the first one that failed only say that the transaction is over.
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
}

class ClientSession implements Session {
  readonly #client: pg.ClientBase

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  async run<Row extends Columns = Columns>(
    statement: Statement,
    values: readonly Value[] = [],
  ): Promise<Answer<Row>> {
    const result = await this.#client.query<Row>(queryOf(statement, values))
    return { rows: result.rows, count: result.rowCount ?? 0 }
  }
}

function queryOf({ name, text }: Statement, values: readonly Value[]): pg.QueryArrayConfig {
  return {
    ...(name !== undefined && { name }),
    text,
    values: values.map(asGiven),
    rowMode: 'array',
  }
}

/** The driver sends a Buffer as bytes, and nothing else. */
function asGiven(value: Value): Value {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value
}

/** The driver takes the settings of a URL instead of ours, where it sees them. */
function partsOf(text: string): { readonly url: string; readonly settings: string } {
  const url = new URL(text)
  const settings = url.searchParams.get('options') ?? ''
  url.searchParams.delete('options')
  return { url: url.href, settings }
}

/**
 * What our statements depend on, whatever the role or the database is set to. Of several values of one setting the last one
 * counts: what a URL says of those that are behind it is in vain.
 */
function settingsOf(schemas: readonly string[], given: string): string {
  // What was acknowledged is on disk, unless somebody says otherwise here.
  const before = ['-c synchronous_commit=on', given]
  const settings = {
    // Names mean our tables.
    search_path: schemas.join(','),
    default_transaction_isolation: String.raw`read\ committed`,
    default_transaction_read_only: 'off',
    // Texts of users' statements are read here as they are there.
    standard_conforming_strings: 'on',
    TimeZone: 'UTC',
    // Statements are short: to compile them takes longer than to run them.
    jit: 'off',
  }
  return [...before, ...Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)].join(' ')
}

/** Of the server's process that serves a connection. */
function numberOf(client: pg.ClientBase): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined
}

/** An error with an SQLSTATE that leaves the connection as it was. */
function isOfStatement(error: unknown): boolean {
  if (error instanceof HeadwaterError) return true
  const code = codeOf(error)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P|58|XX|25P03)/.test(code)
}

const bigint = 20

/** Positions, revisions and times are far below 2^53. */
function typeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === bigint ? Number : pg.types.getTypeParser(type, format === 'binary' ? 'text' : format)
}
