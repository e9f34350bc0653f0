import type { ViewVersion, ViewVersionsChange, ViewVersionsChanged } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import type { ProgressWriter } from './progress.ts'

const sql = statementsOf('view-versions')

/** Which versions of views there are, in the transaction that is open. */
export class ViewVersionWriter {
  readonly #generation: Statement<[number], number>
  readonly #advance: Statement
  readonly #put: Statement
  readonly #remove: Statement
  readonly #held: Statement
  readonly #firstEvent: Statement<[number, string, number], number>
  readonly #progress: ProgressWriter

  constructor(database: Database, progress: ProgressWriter) {
    this.#progress = progress
    this.#generation = database.prepare<[number], number>(sql('generation')).pluck()
    this.#advance = database.prepare(sql('advance'))
    this.#put = database.prepare(sql('put'))
    this.#remove = database.prepare(sql('remove'))
    this.#held = database.prepare(statementsOf('leases')('held'))
    this.#firstEvent = database
      .prepare<[number, string, number], number>(statementsOf('type-ranges')('first-event-of-any-tenant'))
      .pluck()
  }

  generation(branch: number): number {
    return this.#generation.get(branch) ?? 0
  }

  change(change: ViewVersionsChange): ViewVersionsChanged {
    const { branch } = change
    const refusal = this.#refusal(change)
    if (refusal !== undefined) return refusal
    for (const version of change.put) this.#save(branch, version)
    for (const { view, version } of change.remove) this.#remove.run(branch, view, version)
    if (change.checkpoint !== undefined) {
      const { processor, checkpoint } = change.checkpoint
      this.#progress.place(processor, branch, checkpoint)
    }
    this.#advance.run(branch)
    return { status: 'changed', generation: this.generation(branch) }
  }

  #refusal({ branch, expected, lease, unlessEvents }: ViewVersionsChange): ViewVersionsChanged | undefined {
    const generation = this.generation(branch)
    if (expected !== generation) return { status: 'stale', generation }
    if (lease !== undefined && this.#held.get(lease.name, lease.owner, lease.token) === undefined)
      return { status: 'fenced' }
    const { types, after } = unlessEvents ?? { types: [], after: 0 }
    const positions = types.flatMap((type) => this.#firstEvent.get(branch, type, after) ?? [])
    return positions.length === 0 ? undefined : { status: 'events', position: Math.min(...positions) }
  }

  #save(branch: number, version: ViewVersion): void {
    this.#put.run(
      branch,
      version.view,
      version.version,
      version.state,
      version.collection,
      version.processor,
      version.lifecycle,
      version.code,
      JSON.stringify(version.types),
      version.options,
      version.madeBy,
      version.madeAt,
      version.changedAt,
      version.reason,
      version.fencedUntil,
    )
  }
}
