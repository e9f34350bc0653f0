import type {
  Act,
  ActKind,
  ActRow,
  ActsQuery,
  Control,
  Controls,
  Reprocessing,
  ReprocessingEnd,
  ReprocessingQuery,
  ReprocessingRequest,
} from '@headwater/core'
import { changed, kept, noted } from './control-calls.ts'
import { type Database, runAll } from './database.ts'
import { readable } from './readable.ts'
import { prepared } from './sql.ts'

const sql = prepared('controls')

type ControlColumns = [
  processor: string,
  changes: number,
  declared: number | null,
  pausedAt: number | null,
  pausedBy: string | null,
  pausedWhy: string | null,
]

type ActColumns = [
  sequence: number,
  processor: string,
  kind: ActKind,
  actor: string | null,
  why: string | null,
  at: number,
  details: string,
]

type JobColumns = [
  id: string,
  branch: number,
  processor: string,
  from: number,
  to: number,
  state: Reprocessing['state'],
  actor: string | null,
  why: string | null,
  askedAt: number,
  reached: number | null,
  endedAt: number | null,
]

export class PostgresControls implements Controls {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(branch: number): Promise<readonly Control[]> {
    const { rows } = await this.#database.run<ControlColumns>(sql('list'), [branch])
    return rows.map(controlOf)
  }

  pause(processor: string, branch: number, act: Act): Promise<void> {
    return this.#say(processor, branch, act, [act.at, readable(act.actor), readable(act.why)])
  }

  resume(processor: string, branch: number, act: Act): Promise<void> {
    return this.#say(processor, branch, act, [null, null, null])
  }

  async acts({
    processor,
    branch,
    before = Number.MAX_SAFE_INTEGER,
    limit,
  }: ActsQuery): Promise<readonly ActRow[]> {
    const { rows } = await this.#database.run<ActColumns>(sql('acts'), [processor, branch, before, limit])
    return rows.map(actOf)
  }

  askReprocessing({ id, processor, branch, from, to }: ReprocessingRequest, act: Act): Promise<void> {
    return this.#database.transaction(async (session) => {
      const asked = [readable(act.actor), readable(act.why), act.at]
      const { count } = await session.run(sql('ask-reprocessing'), [
        id,
        branch,
        processor,
        from,
        to,
        ...asked,
      ])
      if (count > 0) await runAll(session, noted(processor, branch, act))
    })
  }

  async reprocessing({
    branch,
    processor,
    id,
    state,
    limit,
  }: ReprocessingQuery): Promise<readonly Reprocessing[]> {
    const { rows } = await this.#database.run<JobColumns>(sql('reprocessing'), [
      branch,
      processor ?? null,
      id ?? null,
      state ?? null,
      limit,
    ])
    return rows.map(jobOf)
  }

  endReprocessing(
    { id, branch, state, reached, at }: ReprocessingEnd,
    act: Act | undefined,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const { rows } = await session.run<[string]>(sql('end-reprocessing'), [state, reached, at, branch, id])
      const [row] = rows
      if (row === undefined) return false
      const [processor] = row
      await runAll(session, act === undefined ? [changed(processor, branch)] : noted(processor, branch, act))
      return true
    })
  }

  #say(
    processor: string,
    branch: number,
    act: Act,
    paused: readonly [number | null, string | null, string | null],
  ): Promise<void> {
    return this.#database.batch([
      kept(processor, branch, act),
      { statement: sql('pause'), values: [processor, branch, ...paused] },
    ])
  }
}

function controlOf([processor, changes, declared, at, actor, why]: ControlColumns): Control {
  return {
    processor,
    changes,
    declared: declared ?? undefined,
    paused: at === null ? undefined : { at, actor, why },
  }
}

function actOf([sequence, processor, kind, actor, why, at, details]: ActColumns): ActRow {
  return { sequence, processor, kind, actor, why, at, details }
}

function jobOf(columns: JobColumns): Reprocessing {
  const [id, branch, processor, from, to, state, actor, why, at, reached, endedAt] = columns
  return {
    id,
    branch,
    processor,
    from,
    to,
    state,
    asked: { actor, why, at },
    reached: reached ?? undefined,
    endedAt: endedAt ?? undefined,
  }
}
