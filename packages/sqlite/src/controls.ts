import type {
  Act,
  ActRow,
  ActsQuery,
  Control,
  Controls,
  Reprocessing,
  ReprocessingEnd,
  ReprocessingQuery,
  ReprocessingRequest,
} from '@headwater/core'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('controls')

interface ControlColumns {
  readonly processor: string
  readonly changes: number
  readonly declared: number | null
  readonly paused_at: number | null
  readonly paused_by: string | null
  readonly paused_why: string | null
}

interface JobColumns {
  readonly id: string
  readonly branch: number
  readonly processor: string
  readonly from_position: number
  readonly to_position: number
  readonly state: Reprocessing['state']
  readonly actor: string | null
  readonly why: string | null
  readonly asked_at: number
  readonly reached: number | null
  readonly ended_at: number | null
}

type JobParameters = [number, string | null, string | null, string | null, number]

export class SqliteControls implements Controls {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #list: Statement<[number], ControlColumns>
  readonly #acts: Statement<[string, number, number, number], ActRow>
  readonly #reprocessing: Statement<JobParameters, JobColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#list = reader.database.prepare(sql('list'))
    this.#acts = reader.database.prepare(sql('acts'))
    this.#reprocessing = reader.database.prepare(sql('reprocessing'))
  }

  list(branch: number): Promise<readonly Control[]> {
    return this.#reader.read(() => this.#list.all(branch).map(controlOf))
  }

  pause(processor: string, branch: number, act: Act): Promise<void> {
    return this.#writer.perform('pauseProcessor', processor, branch, act)
  }

  resume(processor: string, branch: number, act: Act): Promise<void> {
    return this.#writer.perform('resumeProcessor', processor, branch, act)
  }

  acts({
    processor,
    branch,
    before = Number.MAX_SAFE_INTEGER,
    limit,
  }: ActsQuery): Promise<readonly ActRow[]> {
    return this.#reader.read(() => this.#acts.all(processor, branch, before, limit))
  }

  askReprocessing(job: ReprocessingRequest, act: Act): Promise<void> {
    return this.#writer.perform('askReprocessing', job, act)
  }

  reprocessing({ branch, processor, id, state, limit }: ReprocessingQuery): Promise<readonly Reprocessing[]> {
    return this.#reader.read(() =>
      this.#reprocessing.all(branch, processor ?? null, id ?? null, state ?? null, limit).map(jobOf),
    )
  }

  endReprocessing(end: ReprocessingEnd, act: Act | undefined): Promise<boolean> {
    return this.#writer.perform('endReprocessing', end, act)
  }
}

function controlOf({ processor, changes, declared, ...paused }: ControlColumns): Control {
  const { paused_at: at, paused_by: actor, paused_why: why } = paused
  return {
    processor,
    changes,
    declared: declared ?? undefined,
    paused: at === null ? undefined : { at, actor, why },
  }
}

function jobOf(columns: JobColumns): Reprocessing {
  const { id, branch, processor, from_position, to_position, state, actor, why, asked_at } = columns
  return {
    id,
    branch,
    processor,
    from: from_position,
    to: to_position,
    state,
    asked: { actor, why, at: asked_at },
    reached: columns.reached ?? undefined,
    endedAt: columns.ended_at ?? undefined,
  }
}
