import { isAmendment } from '../amend/amendment.ts'
import type { AppendHooks } from '../handle/recorder.ts'
import { isHeadwaterError, HeadwaterError } from '../message/errors.ts'
import type { BranchRow } from '../log/branches.ts'
import type { LogFeed } from '../log/feed.ts'
import { mainBranch, type AppendRequest, type EventRow } from '../log/port.ts'
import { rowsOf } from '../log/rows.ts'
import type { Store } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { branchStore } from '../time/branch-store.ts'
import { mergesOf } from '../time/compare/merged.ts'
import { type Draft, draftOf } from '../time/merge/draft.ts'
import type { MayMerge } from '../time/merge/may-merge.ts'
import type { MergeChoices, MergeOutcome, MergeOptions, MergePlan, MergeStep } from '../time/merge/plan.ts'
import { requestsOf } from '../time/merge/requests.ts'
import type { DraftStep } from '../time/merge/steps.ts'
import type { BranchDesk, OnBranch } from './branch-desk.ts'
import type { Registry } from './registry.ts'

/** Views that are written with an append, on main. */
export interface MergedInline {
  readonly takesPartIn: (streams: AppendRequest['streams']) => boolean
  readonly fold: (request: AppendRequest) => Promise<Pick<AppendRequest, 'documents' | 'viewGeneration'>>
}

export interface BranchMergeParts {
  readonly store: Store
  readonly codec: PayloadCodec
  readonly registry: Registry
  readonly decode: (row: EventRow) => RecordedEvent
  readonly feed: LogFeed
  readonly inline: MergedInline
  readonly hooks: Pick<AppendHooks, 'settled' | 'viewsChanged' | 'afterCommit'>
  readonly mayMerge: MayMerge | undefined
  readonly main: () => Pick<OnBranch, 'executeRaw'>
  readonly now: () => number
  readonly newId: () => string
}

/** So many conflicts, with so many events of each side, stand in the error; the plan has more. */
const mostTold = 20

const meanings = {
  moved: 'which moved on both sides',
  amended: 'which was amended on both sides',
  cut: 'of which only a part of a command’s events is left',
  decided: 'where the other side has decided a command of the same id',
} as const

/** How often a merge is prepared anew because documents moved meanwhile. */
const mostAttempts = 50

/** Takes what was recorded on a branch over into what it began on: a plan first, then all of it or none. */
export class BranchMerge {
  readonly #parts: BranchMergeParts

  constructor(parts: BranchMergeParts) {
    this.#parts = parts
  }

  async plan(row: BranchRow, choices: MergeChoices = {}): Promise<MergePlan> {
    return planOf(await this.#draft(row, choices))
  }

  /** @throws HeadwaterError `merge.conflict`, `merge.refused`, `merge.moved`, `merge.too-large`, `merge.unknown-step` */
  async merge(branches: BranchDesk, row: BranchRow, options: MergeOptions): Promise<MergeOutcome> {
    const id = options.id ?? this.#parts.newId()
    const steps: string[] = []
    let position: number | undefined
    let draft = await this.#draft(row, options)
    for (let attempt = 1, transactions = 0; ; ) {
      await this.#require(draft, row, options)
      const phase = this.#phaseOf(draft)
      if (phase.length === 0 && (draft.left.length === 0 || transactions > 0)) break
      const transaction = transactions === 0 ? id : `${id}-${transactions + 1}`
      const recorded = await this.#record({ ...draft, steps: phase }, row, transaction, options)
      if (recorded !== undefined) {
        transactions += 1
        position = recorded
        steps.push(...phase.map((step) => step.id))
        if (phase.length === draft.steps.length) break
      } else if (++attempt > mostAttempts)
        throw new HeadwaterError(
          'merge.moved',
          `What ${row.name} is merged into moved ${attempt} times meanwhile`,
        )
      draft = await this.#draft(row, options)
    }
    position ??= (await this.#target(row).log.head(mainBranch)).position
    const decided = await this.#decide(branches, row, draft, options)
    return { id, position, steps, left: draft.left.map((step) => step.id), decided }
  }

  /**
   * What goes into one transaction: everything, unless a view that is written with appends has to take part in both, events
   * and amendments. It can't fold both at once.
   */
  #phaseOf({ steps }: Draft): readonly DraftStep[] {
    const events = steps.filter(({ kind }) => kind === 'append')
    const isTwofold = events.length > 0 && events.length < steps.length
    const takesPart =
      isTwofold &&
      this.#parts.inline.takesPartIn(
        steps.map(({ rows }) => ({
          stream: '',
          expected: 'any',
          events: rows.map((row) => ({ ...row, tags: [] })),
        })),
      )
    return takesPart ? events : steps
  }

  async #draft(row: BranchRow, choices: MergeChoices): Promise<Draft> {
    const { store, decode, codec } = this.#parts
    const parent = await this.#parentOf(row)
    return draftOf(
      {
        branch: { id: row.id, name: row.name, tenant: row.tenant, base: row.base.position },
        mine: branchStore(store, row),
        theirs: parent === undefined ? store : branchStore(store, parent),
        into: parent?.name ?? 'main',
        decode,
        codec,
      },
      choices,
    )
  }

  async #parentOf({ parent }: BranchRow): Promise<BranchRow | undefined> {
    return parent === mainBranch ? undefined : this.#parts.store.branches?.get(parent)
  }

  #target(row: BranchRow): Pick<Store, 'log'> {
    const { store } = this.#parts
    return row.parent === mainBranch ? store : { log: logOf(store, row.parent) }
  }

  async #require(draft: Draft, { tenant }: BranchRow, { actor = null }: MergeOptions): Promise<void> {
    const plan = planOf(draft)
    const [conflict] = draft.conflicts
    if (conflict !== undefined)
      throw new HeadwaterError(
        'merge.conflict',
        `${draft.conflicts.length} streams conflict, such as ${conflict.stream}, ${meanings[conflict.kind]}: say for each whether it is to be mine, theirs, or decided again`,
        {
          details: {
            conflicts: draft.conflicts
              .slice(0, mostTold)
              .map(({ stream, kind, steps, mine, theirs, decided }) => ({
                stream,
                kind,
                steps: steps.slice(0, mostTold),
                mine: mine.slice(0, mostTold),
                theirs: theirs.slice(0, mostTold),
                decided: decided.slice(0, mostTold),
              })),
          },
        },
      )
    const may = (await this.#parts.mayMerge?.(plan, { actor, tenant })) ?? true
    if (may === true) return
    throw new HeadwaterError(
      'merge.refused',
      may === false ? `${actor ?? 'Nobody in particular'} may not merge ${draft.branch}` : may,
    )
  }

  /** The last position; undefined: something moved meanwhile, and it has to be planned anew. */
  async #record(
    draft: Draft,
    row: BranchRow,
    id: string,
    options: MergeOptions,
  ): Promise<number | undefined> {
    const { codec, decode, registry, now } = this.#parts
    const { log } = this.#target(row)
    const stream = mergesOf(row.id)
    const end = { branch: mainBranch, tenant: row.tenant, stream, after: Number.MAX_SAFE_INTEGER, limit: 1 }
    const { revision } = await log.readStream(end)
    const parts = { codec, decode, events: registry.events, branch: row, revision, now: now() }
    const requests = requestsOf(draft, options, id, parts)
    return row.parent === mainBranch
      ? this.#recordOnMain(requests, row)
      : this.#appended(requests, await log.appendTogether(requests))
  }

  async #recordOnMain(
    requests: readonly AppendRequest[],
    { tenant }: BranchRow,
  ): Promise<number | undefined> {
    const { store, hooks, feed } = this.#parts
    const prepared = await this.#withDocuments(requests)
    const folded = prepared.filter((request) => request.viewGeneration !== undefined)
    let isRecorded = false
    try {
      const together = await store.log.appendTogether(prepared)
      if (together.status === 'refused' && together.result.status === 'views-changed')
        await hooks.viewsChanged()
      const position = this.#appended(requests, together)
      if (together.status !== 'appended') return undefined
      isRecorded = true
      feed.offer(prepared, together.results)
      const amended = new Set(
        prepared
          .flatMap(({ streams }) => streams)
          .filter(({ events }) => events.some(isAmendment))
          .map((part) => part.stream),
      )
      // A snapshot of what was amended is of no use; others would find out, and fold from the first event each time.
      for (const stream of amended) await store.snapshots.drop({ branch: mainBranch, tenant, stream })
      const events = prepared.flatMap((request, index) => {
        const result = together.results[index]
        return result?.position === undefined
          ? []
          : [...rowsOf(request, result.position, result.recordedAt, result.revisions)].map(this.#parts.decode)
      })
      await hooks.afterCommit(events)
      return position
    } finally {
      for (const { documents } of folded) hooks.settled(documents, isRecorded)
    }
  }

  /**
   * With the documents of views that are written with an append: of each request that records events its own; of those that
   * say something about the past those of all together, with the last one.
   */
  async #withDocuments(requests: readonly AppendRequest[]): Promise<readonly AppendRequest[]> {
    const { inline } = this.#parts
    const isAmending = ({ streams }: AppendRequest) => streams.some(({ events }) => events.some(isAmendment))
    const amending = requests.filter(isAmending)
    const prepared: AppendRequest[] = []
    for (const request of requests) {
      const folded =
        amending.at(-1) === request ? combined(amending) : amending.includes(request) ? undefined : request
      const takesPart = folded !== undefined && inline.takesPartIn(folded.streams)
      prepared.push(takesPart ? { ...request, ...(await inline.fold(folded)) } : request)
    }
    return prepared
  }

  #appended(
    requests: readonly AppendRequest[],
    together: Awaited<ReturnType<Store['log']['appendTogether']>>,
  ): number | undefined {
    if (together.status === 'appended') {
      const last = together.results.findLast(({ position }) => position !== undefined)
      const index = last === undefined ? -1 : together.results.lastIndexOf(last)
      const count = requests[index]?.streams.reduce((sum, { events }) => sum + events.length, 0) ?? 0
      return (last?.position ?? 1) + count - 1
    }
    const { result } = together
    if (result.status === 'duplicate' && together.index === 0)
      throw new HeadwaterError('command.id-reused', `There was a merge ${requests[0]?.commandId} already`)
    return undefined
  }

  /** On what is there now, each under its own id. */
  async #decide(
    branches: BranchDesk,
    row: BranchRow,
    { decide }: Draft,
    { actor }: MergeOptions,
  ): Promise<MergeOutcome['decided']> {
    if (decide.length === 0) return []
    const parent = await this.#parentOf(row)
    const work = async (on: Pick<OnBranch, 'executeRaw'>): Promise<MergeOutcome['decided']> => {
      const decided: MergeOutcome['decided'][number][] = []
      for (const step of decide) decided.push(await this.#decideStep(on, step, row.tenant, actor))
      return decided
    }
    return parent === undefined ? work(this.#parts.main()) : branches.use(parent, work)
  }

  async #decideStep(
    on: Pick<OnBranch, 'executeRaw'>,
    { id, row }: DraftStep,
    tenant: string,
    actor: string | null | undefined,
  ): Promise<MergeOutcome['decided'][number]> {
    const { codec } = this.#parts
    if (row === undefined) throw new Error('Only commands are decided again')
    const payload = codec.decode('command', row.type, 1, row.payload)
    try {
      const outcome = await on.executeRaw(row.type, payload, {
        id,
        tenant,
        actor: row.actor ?? actor ?? null,
        ...(row.correlationId !== null && { correlationId: row.correlationId }),
      } as Parameters<OnBranch['executeRaw']>[2])
      return outcome.status === 'accepted'
        ? { id, status: 'accepted' }
        : { id, status: 'rejected', reason: outcome.reason }
    } catch (error) {
      if (!isHeadwaterError(error)) throw error
      return { id, status: 'rejected', reason: { code: error.code, message: error.message } }
    }
  }
}

function combined(requests: readonly AppendRequest[]): AppendRequest {
  const [first] = requests
  if (first === undefined) throw new Error('There is nothing to combine')
  return { ...first, streams: requests.flatMap(({ streams }) => streams) }
}

function logOf(store: Store, branch: number): Store['log'] {
  return branchStore(store, { id: branch, name: String(branch) } as BranchRow).log
}

function planOf({ branch, into, conflicts, merged, steps, decide, left }: Draft): MergePlan {
  return {
    branch,
    into,
    conflicts,
    merged,
    steps: steps.map(shown),
    decide: decide.map(shown),
    left: left.map(shown),
  }
}

function shown({ id, kind, command, streams, events }: DraftStep): MergeStep {
  return { id, kind, command, streams, events }
}
