import { amendmentToAppend, readAmendment, isAmendment } from '../../amend/amendment.ts'
import { StreamHistory } from '../../amend/stream-history.ts'
import { decodeReason } from '../../handle/answers.ts'
import { type EventRow, mainBranch } from '../../log/port.ts'
import type { Store } from '../../log/store.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { type MergedData, mergesOf } from '../compare/merged.ts'
import { readTail } from '../compare/tail.ts'
import type { DecidedThere, MergeChoices, MergeConflict, MergePlan, Resolution } from './plan.ts'
import { type DraftStep, stepsOf } from './steps.ts'

export interface DraftParts {
  readonly branch: {
    readonly id: number
    readonly name: string
    readonly tenant: string
    readonly base: number
  }
  /** Of which main is the branch, and of which main is the other side. */
  readonly mine: Pick<Store, 'log' | 'commands'>
  readonly theirs: Pick<Store, 'log' | 'commands'>
  readonly into: string
  readonly decode: (row: EventRow) => RecordedEvent
  readonly codec: PayloadCodec
}

/** A plan with what it takes to carry it out. */
export interface Draft extends Omit<MergePlan, 'steps' | 'decide' | 'left'> {
  readonly steps: readonly DraftStep[]
  readonly decide: readonly DraftStep[]
  readonly left: readonly DraftStep[]
  /** The revisions that the other side's streams had. */
  readonly revisions: ReadonlyMap<string, number>
}

/** A merge takes over so many events and amendments at most, in one transaction. */
export const mostMerged = 1_000
const mostTheirs = 100

/** @throws HeadwaterError `merge.too-large`, `merge.unknown-step` */
export async function draftOf(
  { branch, mine, theirs, into, decode, codec }: DraftParts,
  { only, resolve }: MergeChoices,
): Promise<Draft> {
  const { tenant, base: common } = branch
  const { position: to } = await mine.log.head(mainBranch)
  const query = { branch: mainBranch, tenant, after: common, limit: 10 * mostMerged, to }
  const { records, isWhole } = await readTail(mine.log, decode, query)
  const known = new Set(await takenBefore(theirs, decode, tenant, branch.id))
  const wanted = only === undefined ? undefined : new Set(only.map(commandOf))
  const history = new StreamHistory(mine.log, decode)
  const all = await stepsOf(records, {
    common,
    decode,
    encode: (amendment) => ({
      ...amendment.row,
      data: amendmentToAppend(codec, amendment, amendment.row.occurredAt).data,
    }),
    overlayOf: async (stream) => (await history.amendmentsOf({ tenant, stream })).overlay,
    command: (id) => mine.commands.find(mainBranch, tenant, id),
  })
  const missing = [...(wanted ?? [])].find((id) => !all.some((step) => step.id === id))
  if (missing !== undefined)
    throw new HeadwaterError('merge.unknown-step', `${branch.name} has recorded nothing under ${missing}`, {
      details: { id: missing },
    })
  const steps = all.filter(({ id }) => !known.has(id) && (wanted === undefined || wanted.has(id)))
  const count = steps.reduce((sum, { rows }) => sum + rows.length, 0)
  if (!isWhole || count > mostMerged)
    throw new HeadwaterError(
      'merge.too-large',
      `${branch.name} has recorded more than the ${mostMerged} events that are merged at a time: name some of them (only)`,
      { details: { most: mostMerged } },
    )
  const others = new Map<string, Other>()
  for (const stream of new Set(steps.flatMap(({ streams }) => streams))) {
    const first = records.find(({ row }) => row.stream === stream)
    others.set(stream, await otherOf(theirs, decode, tenant, stream, (first?.row.revision ?? 1) - 1, known))
  }
  const decided = await decidedThere(steps, theirs, tenant, codec)
  const resolved = resolvedBy(resolve)
  const draft = { steps: [] as DraftStep[], decide: [] as DraftStep[], left: [] as DraftStep[] }
  const conflicts = new Map<string, MergeConflict>()
  for (const step of steps) {
    const there = decided.get(step.id)
    const isBarred = step.isCut || there !== undefined
    const contested = step.streams.filter(
      (stream) => isBarred || (others.get(stream)?.events.length ?? 0) > 0,
    )
    const canDecide = step.kind === 'append' && step.row !== undefined
    const choices = contested.map((stream) => resolved(stream))
    if (choices.includes('theirs')) draft.left.push(step)
    else if (choices.includes(undefined) || (isBarred && (choices.includes('mine') || !canDecide)))
      note(conflicts, step, contested, others, there)
    else if (choices.includes('decide') && canDecide) draft.decide.push(step)
    else draft.steps.push(step)
  }
  return {
    ...draft,
    branch: branch.name,
    into,
    conflicts: [...conflicts.values()],
    merged: all.filter(({ id }) => known.has(id)).length,
    revisions: new Map([...others].map(([stream, { revision }]) => [stream, revision])),
  }
}

interface Other {
  readonly revision: number
  /** What the other side recorded there by itself since the branch began. */
  readonly events: readonly EventRow[]
  readonly decoded: readonly RecordedEvent[]
}

async function otherOf(
  { log }: Pick<Store, 'log'>,
  decode: (row: EventRow) => RecordedEvent,
  tenant: string,
  stream: string,
  since: number,
  known: ReadonlySet<string>,
): Promise<Other> {
  const events: EventRow[] = []
  let after = since
  for (;;) {
    const page = await log.readStream({ branch: mainBranch, tenant, stream, after, limit: 500 })
    events.push(...page.events.filter(({ commandId }) => !known.has(commandId)))
    after = page.events.at(-1)?.revision ?? page.revision
    if (after >= page.revision || events.length >= mostTheirs)
      return {
        revision: page.revision,
        events: events.slice(0, mostTheirs),
        decoded: events.slice(0, mostTheirs).map(decode),
      }
  }
}

function note(
  conflicts: Map<string, MergeConflict>,
  step: DraftStep,
  streams: readonly string[],
  others: ReadonlyMap<string, Other>,
  there: DecidedThere | undefined,
): void {
  for (const stream of streams) {
    const before = conflicts.get(stream)
    const mine = [...(before?.mine ?? []), ...step.events.filter((event) => event.stream === stream)]
    const other = others.get(stream)
    const kinds = [before?.kind, kindOf(step, there, isAmendedByBoth(mine, other))]
    conflicts.set(stream, {
      stream,
      kind: heaviest.find((kind) => kinds.includes(kind)) ?? 'moved',
      steps: [...(before?.steps ?? []), step.id],
      mine,
      theirs: other?.decoded ?? [],
      decided: [...(before?.decided ?? []), ...(there === undefined ? [] : [there])],
    })
  }
}

/** Of several steps in one stream the one counts that leaves the least choice. */
const heaviest = ['decided', 'cut', 'amended', 'moved'] as const

function kindOf(step: DraftStep, there: DecidedThere | undefined, isAmended: boolean): MergeConflict['kind'] {
  if (there !== undefined) return 'decided'
  if (step.isCut) return 'cut'
  return isAmended ? 'amended' : 'moved'
}

/** What the other side has made by itself of commands that have the ids of steps. */
async function decidedThere(
  steps: readonly DraftStep[],
  { commands }: Pick<Store, 'commands'>,
  tenant: string,
  codec: PayloadCodec,
): Promise<ReadonlyMap<string, DecidedThere>> {
  const found = await Promise.all(steps.map(({ id }) => commands.find(mainBranch, tenant, id)))
  return new Map(
    found.flatMap((row) => {
      if (row === undefined) return []
      const reason = row.status === 'rejected' ? { reason: decodeReason(codec, row) } : {}
      return [[row.id, { id: row.id, status: row.status, ...reason }] as const]
    }),
  )
}

function isAmendedByBoth(mine: readonly RecordedEvent[], other: Other | undefined): boolean {
  const targets = new Set(mine.filter(isAmendment).map((event) => targetOf(event)))
  return other?.decoded.some((event) => isAmendment(event) && targets.has(targetOf(event))) === true
}

function targetOf(event: RecordedEvent): string | null {
  return readAmendment({} as EventRow, event.data).target.id
}

function resolvedBy(resolve: MergeChoices['resolve']): (stream: string) => Resolution | undefined {
  if (resolve === undefined || typeof resolve === 'string') return () => resolve
  return (stream) => (Object.hasOwn(resolve, stream) ? resolve[stream] : undefined)
}

/** The ids of what earlier merges took over, or left. */
async function takenBefore(
  { log }: Pick<Store, 'log'>,
  decode: (row: EventRow) => RecordedEvent,
  tenant: string,
  branch: number,
): Promise<readonly string[]> {
  const taken: string[] = []
  let after = 0
  for (;;) {
    const page = await log.readStream({
      branch: mainBranch,
      tenant,
      stream: mergesOf(branch),
      after,
      limit: 500,
    })
    for (const row of page.events) taken.push(...(decode(row).data as MergedData).taken)
    after = page.events.at(-1)?.revision ?? page.revision
    if (after >= page.revision) return taken
  }
}

/** Of a command's id itself, and of an event's id that of its command. */
function commandOf(id: string): string {
  const parsed = /^(.*)\.\d+$/.exec(id)
  return parsed?.[1] ?? id
}
