import { HeadwaterError } from '@headwater/core/errors'
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import { codeOf, translated } from './errors.ts'

/** What MariaDB takes as it is: text is given as bytes where its order counts. */
export type Value = string | number | null | Uint8Array

/** The columns of a row, in the order of the statement. */
export type Row = readonly (string | number | null | Buffer)[]

/** One connection, or any of them. */
export interface Session {
  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]>
  /** How many rows it met, whether it changed them or not. */
  run(sql: string, values?: readonly Value[]): Promise<number>
}

export interface ConnectionsOptions {
  readonly timeLimit: number
  readonly connections: number
}

/** A deadlock is nobody's fault: MariaDB undoes one of the two, which then tries again. */
const mostDeadlocks = 20

/** The connections to one database, made when they are needed. */
export class Connections implements Session {
  readonly #name: string
  readonly #timeLimit: number
  readonly #pool: Pool
  #isClosed = false

  constructor(name: string, url: URL, { timeLimit, connections }: ConnectionsOptions) {
    this.#name = name
    this.#timeLimit = timeLimit
    this.#pool = createPool({
      host: url.hostname,
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      ...(url.searchParams.get('ssl') === 'true' && { ssl: {} }),
      charset: 'utf8mb4',
      connectionLimit: connections,
      // Work that finds no connection free waits, and there is little of it: a processor, and queries with limits of theirs.
      waitForConnections: true,
      queueLimit: 1_000,
      maxIdle: connections,
      connectTimeout: Math.min(timeLimit, 10_000),
      enableKeepAlive: true,
      rowsAsArray: true,
      supportBigNumbers: true,
    })
  }

  rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.#use((session) => session.rows(sql, values))
  }

  run(sql: string, values: readonly Value[] = []): Promise<number> {
    return this.#use((session) => session.run(sql, values))
  }

  /** Runs work in a transaction; again, if it met another one that waited for it. */
  transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#use(async (session) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await session.run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
          await session.run('START TRANSACTION')
          const result = await work(session)
          await session.run('COMMIT')
          return result
        } catch (error) {
          await session.undo()
          if (codeOf(error) !== 'ER_LOCK_DEADLOCK' || attempt >= mostDeadlocks) throw error
        }
      }
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#pool.end()
  }

  /** @throws HeadwaterError `log.closed`, `view.store-unavailable`, `view.store-refused` */
  async #use<Result>(work: (session: PooledSession) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new HeadwaterError('log.closed', `${this.#name} is closed`)
    let session: PooledSession | undefined
    try {
      session = new PooledSession(await this.#pool.getConnection(), this.#timeLimit)
      return await work(session)
    } catch (error) {
      throw translated(error, this.#name)
    } finally {
      session?.release()
    }
  }
}

class PooledSession implements Session {
  readonly #connection: PoolConnection
  readonly #timeLimit: number
  /** Whether nobody can tell what state it is in. */
  #isLost = false

  constructor(connection: PoolConnection, timeLimit: number) {
    this.#connection = connection
    this.#timeLimit = timeLimit
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    const result: unknown = await this.#execute(sql, values)
    return Array.isArray(result) ? result : []
  }

  async run(sql: string, values: readonly Value[] = []): Promise<number> {
    const result: unknown = await this.#execute(sql, values)
    return typeof result === 'object' && result !== null && 'affectedRows' in result
      ? Number(result.affectedRows)
      : 0
  }

  /** What it had begun is undone, by us or by the end of its connection. */
  async undo(): Promise<void> {
    if (this.#isLost) return
    try {
      await this.#execute('ROLLBACK', [])
    } catch {
      this.#isLost = true
    }
  }

  release(): void {
    if (this.#isLost) this.#connection.destroy()
    else this.#connection.release()
  }

  async #execute(sql: string, values: readonly Value[]): Promise<unknown> {
    try {
      const given = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))
      const isPlain = given.length === 0
      const options = { sql, timeout: this.#timeLimit, rowsAsArray: true }
      const [result] = isPlain
        ? await this.#connection.query(options)
        : await this.#connection.execute({ ...options, values: given })
      return result
    } catch (error) {
      // After any of these the answer to a statement before could be taken for that of the next one.
      if (codeOf(error)?.startsWith('ER_') !== true) this.#isLost = true
      throw error
    }
  }
}
