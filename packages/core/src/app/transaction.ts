import type { BackOff } from '../handle/backoff.ts'
import { Gathering, sqlOf, type GatheredStream } from '../handle/gathering.ts'
import type { TablesContext } from '../handle/handler.ts'
import type { SqlStore, Statement } from '../log/sql.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'

/** Who it is that works, and for which tenant. */
export interface TransactionOptions {
  readonly actor?: string | null
  readonly correlationId?: string
  readonly causationId?: string
  readonly tenant?: string
}

/** Reads and gathers. It may be called again when somebody else was faster, so it has no effects outside. */
export type TransactionWork<Tools, Value> = (
  context: TablesContext<Tools> & {
    /** Records events in a stream. */
    readonly append: (stream: string, ...events: readonly NewEvent[]) => void
  },
) => Promise<Value> | Value

/** What was recorded; nothing, where the work gathered nothing. */
interface Recorded {
  readonly id: string
  readonly events: readonly {
    readonly id: string
    readonly type: string
    readonly stream: string
    readonly revision: number
    readonly position: number
  }[]
}

export interface Transacted<Value> extends Recorded {
  /** What the work gave. */
  readonly value: Value
  /** Of the last event; undefined where there was none. */
  readonly position: number | undefined
}

/** Records what was gathered. */
export type Record = (
  streams: readonly GatheredStream[],
  statements: readonly Statement[],
) => Promise<Recorded>

const mostAttempts = 30

/** Rows and events that are written together, without a command. */
export async function transact<Tools extends TableTools, Value>(
  record: Record,
  sql: SqlStore | undefined,
  tables: Tables<string, Tools>,
  work: TransactionWork<Tools, Value>,
  backOff: BackOff,
): Promise<Transacted<Value>> {
  const store = sqlOf(sql, tables.name)
  for (let attempt = 1; ; attempt += 1) {
    const gathering = new Gathering(tables, store)
    const context = { ...gathering.tools, append: gathering.append }
    const value = await work(context as Parameters<typeof work>[0])
    const { streams, statements } = gathering.end()
    if (streams.length + statements.length === 0) return { value, id: '', position: undefined, events: [] }
    try {
      const { id, events } = await record(streams, statements)
      return { value, id, position: events.at(-1)?.position, events }
    } catch (error) {
      if (!isHeadwaterError(error, 'log.statement-conflict') || attempt >= mostAttempts) throw error
      await backOff(attempt)
    }
  }
}
