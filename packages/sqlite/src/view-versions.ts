import type {
  ViewGeneration,
  ViewVersion,
  ViewVersions,
  ViewVersionsChange,
  ViewVersionsChanged,
} from '@headwater/core'
import type { Changes } from './changes.ts'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

interface Columns {
  readonly generation: number | null
  /** Null: there are no versions. */
  readonly view: string | null
  readonly version: number
  readonly state: ViewVersion['state']
  readonly collection: string
  readonly processor: string
  readonly lifecycle: ViewVersion['lifecycle']
  readonly code: string
  readonly types: string
  readonly options: string
  readonly made_by: string
  readonly made_at: number
  readonly changed_at: number
  readonly reason: string | null
  readonly fenced_until: number | null
}

export class SqliteViewVersions implements ViewVersions {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #changes: Changes
  readonly #read: Statement<[number], Columns>

  constructor(reader: Reader, writer: Writer, changes: Changes) {
    this.#reader = reader
    this.#writer = writer
    this.#changes = changes
    this.#read = reader.database.prepare(statementsOf('view-versions')('read'))
  }

  read(branch: number): Promise<ViewGeneration> {
    return this.#reader.read(() => {
      const rows = this.#read.all(branch)
      return {
        generation: rows[0]?.generation ?? 0,
        versions: rows.flatMap((row) => (row.view === null ? [] : [versionOf(row, row.view)])),
      }
    })
  }

  async change(change: ViewVersionsChange): Promise<ViewVersionsChanged> {
    const changed = await this.#writer.perform('changeViewVersions', change)
    if (changed.status === 'changed') this.#changes.notifyOfViews()
    return changed
  }

  onChanged(listener: () => void): () => void {
    return this.#changes.listenToViews(listener)
  }
}

function versionOf(row: Columns, view: string): ViewVersion {
  return {
    view,
    version: row.version,
    state: row.state,
    collection: row.collection,
    processor: row.processor,
    lifecycle: row.lifecycle,
    code: row.code,
    types: JSON.parse(row.types) as string[],
    options: row.options,
    madeBy: row.made_by,
    madeAt: row.made_at,
    changedAt: row.changed_at,
    reason: row.reason,
    fencedUntil: row.fenced_until,
  }
}
