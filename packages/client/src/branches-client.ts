import type { AmendOptions, Edit } from './amending-client.ts'
import type { Amendments } from './amendments-wire.ts'
import type { BranchDifference, MergeChoices, MergeOutcome, MergePlan } from './branch-wire.ts'
import { newCommandId } from './command-id.ts'
import { type Moment, writtenMoment } from './moment.ts'
import type { ExternalCaller } from './external-wire.ts'
import type { ReplayOptions, ReplayReport } from './replay-wire.ts'
import type { Transport } from './transport.ts'

/** A branch of the log; times as ISO 8601. */
export interface Branch {
  readonly name: string
  /** The branch that it begins on, or `main`. */
  readonly from: string
  /** The last position that it has of that one. */
  readonly base: number
  readonly basedAt: string | null
  readonly head: number
  /** What time it is there. */
  readonly now: string
  readonly actor: string | null
  readonly createdAt: string
}

export interface BranchDetails extends Branch {
  /** Calls to the outside that the server did not make on it, the last first. */
  readonly blocked: readonly {
    readonly external: string
    readonly caller: ExternalCaller
    readonly why: string
    readonly at: string
  }[]
}

export interface DiffOptions {
  /** A branch, or `main`; default: what the branch began on. */
  readonly against?: string | undefined
  /** The views whose documents are compared; default: all. */
  readonly views?: readonly string[] | undefined
  /** So many events of each side are compared at most: 1 to 1,000, which is the default. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface MergeOptions extends MergeChoices {
  /** Kept with the merge. */
  readonly why: string
  /** A fresh UUID unless given. The same id has one effect. */
  readonly id?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Beginning, listing, comparing, amending, merging and dropping branches of the log. */
export interface BranchesClient {
  /** By their names. */
  list(options?: {
    /** The name of the last one of the page before. */
    after?: string | undefined
    limit?: number | undefined
    signal?: AbortSignal | undefined
  }): Promise<readonly Branch[]>
  /** Begins one; at the end of main, unless it is said otherwise. */
  create(name: string, options?: { from?: string | undefined; at?: Moment | undefined }): Promise<Branch>
  /** One, and which calls to the outside the server did not make on it. */
  get(name: string, signal?: AbortSignal): Promise<BranchDetails>
  /** Moves its clock. */
  moveTo(name: string, time: Date): Promise<Branch>
  /** Replays what is on it as amendments have made it: facts, or decisions. It may take a while. */
  replay(name: string, options: ReplayOptions): Promise<ReplayReport>
  /** What differs between it and another history, with what came of it: states, documents, outcomes of commands. */
  diff(name: string, options?: DiffOptions): Promise<BranchDifference>
  /** What merging it would do, and what conflicts; nothing is recorded by it. */
  plan(name: string, choices?: MergeChoices, signal?: AbortSignal): Promise<MergePlan>
  /**
   * Takes over what it has recorded, all of it or none. A conflict that isn't resolved is the problem `merge.conflict`,
   * whose `data.conflicts` shows both sides.
   */
  merge(name: string, options: MergeOptions): Promise<MergeOutcome>
  /** Says what really was so, on the branch alone: all of it or nothing. */
  amend(name: string, edits: readonly Edit[], options: AmendOptions): Promise<Amendments>
  drop(name: string): Promise<void>
}

export function createBranchesClient({ json, call }: Transport): BranchesClient {
  const pathOf = (name: string): string => `/branches/${encodeURIComponent(name)}`
  return {
    list: async ({ signal, ...query } = {}) => {
      const { branches } = await json<{ branches: readonly Branch[] }>('/branches', { query, signal })
      return branches
    },
    create: (name, { from, at } = {}) =>
      json('/branches', {
        method: 'POST',
        body: { name, from, at: typeof at === 'number' ? at : writtenMoment(at) },
      }),
    get: (name, signal) => json(pathOf(name), { signal }),
    moveTo: (name, time) =>
      json(`${pathOf(name)}/clock`, { method: 'POST', body: { now: time.toISOString() } }),
    replay: (name, { signal, ...body }) => json(`${pathOf(name)}/replay`, { method: 'POST', body, signal }),
    diff: (name, { signal, views, ...query } = {}) =>
      json(`${pathOf(name)}/diff`, { query: { ...query, views: views?.join(',') }, signal }),
    plan: (name, { only, resolve } = {}, signal) =>
      json(`${pathOf(name)}/merge`, { method: 'POST', body: { dryRun: true, only, resolve }, signal }),
    merge: (name, { why, only, resolve, id = newCommandId(), signal }) =>
      json(`${pathOf(name)}/merge`, {
        method: 'POST',
        body: { why, only, resolve },
        headers: { 'idempotency-key': id },
        signal,
      }),
    amend: (name, edits, { why, id = newCommandId(), correlationId, signal }) =>
      json(`${pathOf(name)}/amendments`, {
        method: 'POST',
        body: { why, edits },
        headers: { 'idempotency-key': id, 'correlation-id': correlationId },
        signal,
      }),
    drop: async (name) => {
      await call(pathOf(name), { method: 'DELETE' })
    },
  }
}
