import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Payload } from '../data/payload.ts'
import { orderedId } from '../data/streams.ts'

const schema = readFileSync(join(import.meta.dirname, '../../../packages/sqlite/src/sql/schema.sql'), 'utf8')

export interface RawEvent {
  readonly stream: string
  readonly revision: number
  readonly data: Payload
}

/**
 * What SQLite itself can do: our schema with all of its indexes, our very rows, and nothing around them: no promises,
 * no checks, no numbering but a counter. The data is made into JSON here too, as nobody can write it otherwise.
 */
export interface RawDatabase {
  readonly database: Database.Database
  /** One transaction. With `commands`, each event is of a command of its own, and the command's row is written too. */
  insert(events: readonly RawEvent[], commands: CommandRows): void
  close(): void
}

/** Which command rows are written: none, those of appends that have an id, or those of decided commands. */
export type CommandRows = 'none' | 'append' | 'decided'

export function openRaw(file: string): RawDatabase {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(schema)
  const insertEvent =
    database.prepare(`INSERT INTO events (branch, position, tenant, stream, revision, type, version,
    command_id, ordinal, recorded_at, occurred_at, actor, correlation_id, causation_id, data)
    VALUES (0, ?, '', ?, ?, 'Deposited', 1, ?, 1, ?, ?, NULL, NULL, ?, ?)`)
  const insertCommand =
    database.prepare(`INSERT INTO commands (branch, tenant, id, type, payload, actor, correlation_id,
    causation_id, decided_at, status, reason, reads, position, events)
    VALUES (0, '', ?, ?, ?, NULL, NULL, NULL, ?, 'accepted', NULL, ?, ?, 1)`)
  const nextId = orderedId()
  let position = 0
  const insert = database.transaction((events: readonly RawEvent[], commands: CommandRows) => {
    const now = Date.now()
    for (const { stream, revision, data } of events) {
      const id = nextId()
      const json = JSON.stringify(data)
      position++
      insertEvent.run(position, stream, revision, id, now, now, commands === 'none' ? '' : null, json)
      if (commands === 'decided') {
        const reads = `{"streams":[["${stream}",${revision - 1}]]}`
        insertCommand.run(id, 'MakeDeposit', json, now, reads, position)
      } else if (commands === 'append') {
        const payload = JSON.stringify([{ stream, events: [{ type: 'Deposited', data }] }])
        insertCommand.run(id, '$append', payload, now, '{}', position)
      }
    }
  })
  return {
    database,
    insert: (events, commands) => insert.immediate(events, commands),
    close: () => database.close(),
  }
}
