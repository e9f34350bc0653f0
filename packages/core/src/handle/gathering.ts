import type { SqlStore, Statement } from '../log/sql.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import { checkStreamName } from '../message/stream.ts'

/** Events for one stream, in the order in which they were recorded. */
export interface GatheredStream {
  readonly stream: string
  readonly events: readonly NewEvent[]
}

/** What code of a user's has gathered, to be recorded as one. */
export interface Gathered {
  readonly streams: readonly GatheredStream[]
  readonly statements: readonly Statement[]
}

/** Takes what code of a user's records and saves, until it has ended. */
export class Gathering {
  readonly #events = new Map<string, NewEvent[]>()
  readonly #statements: readonly Statement[]
  #hasEnded = false
  /** For the user's code: its tables. */
  readonly tools: Readonly<Record<string, unknown>>

  /** @throws HeadwaterError `store.no-sql` */
  constructor(tables: Tables | undefined, sql: SqlStore | undefined) {
    const session = tables?.session(tables.name, sqlOf(sql, tables.name))
    this.#statements = session?.statements ?? []
    this.tools = session === undefined ? {} : this.#tools(session.tools)
  }

  readonly append = (stream: string, ...events: readonly NewEvent[]): void => {
    this.#requireOpen()
    const known = this.#events.get(checkStreamName(stream))
    if (known === undefined) this.#events.set(stream, [...events])
    else known.push(...events)
  }

  end(): Gathered {
    this.#hasEnded = true
    const streams = [...this.#events].map(([stream, events]) => ({ stream, events }))
    return { streams, statements: [...this.#statements] }
  }

  #tools({ db, table, write }: TableTools): Readonly<Record<string, unknown>> {
    const save: TableTools['write'] = (...handed) => {
      this.#requireOpen()
      write(...handed)
    }
    return { db, table, save }
  }

  /** What is handed over by work that nobody waited for would be lost. */
  #requireOpen(): void {
    if (this.#hasEnded)
      throw new TypeError('It has ended: what it saves and records has to be waited for (await)')
  }
}

/** @throws HeadwaterError `store.no-sql` */
export function sqlOf(sql: SqlStore | undefined, tables: string): SqlStore {
  if (sql !== undefined) return sql
  throw new HeadwaterError('store.no-sql', `The store keeps no tables, and so none for ${tables}`)
}
