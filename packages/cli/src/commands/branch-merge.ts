import type {
  Envelope,
  MergeConflict,
  MergeOutcome,
  MergePlan,
  MergeStep,
  Resolution,
} from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag, list, repeated, text } from '../command/options.ts'
import type { BranchesSource } from '../source/source.ts'
import { dataOf } from '../terminal/changes.ts'
import { counted, printable } from '../terminal/format.ts'
import type { Style } from '../terminal/style.ts'
import type { Terminal } from '../terminal/terminal.ts'

const resolutions = ['mine', 'theirs', 'decide'] as const

export const mergeOptions = {
  why: text('<reason>', 'Merge: kept with it; required unless --dry-run'),
  dryRun: flag('Merge: only say what it would do'),
  resolve: repeated(
    '<stream>=<choice>',
    `Merge: what becomes of a conflict: ${resolutions.join(', ')}; without a stream: of all`,
  ),
  only: list('<id>', 'Merge: these commands or events, and nothing else; repeated, or separated by commas'),
}

interface Merging {
  readonly why: string | undefined
  readonly dryRun: boolean
  readonly resolve: readonly string[]
  readonly only: readonly string[] | undefined
  readonly actor: string | undefined
  readonly json: boolean
}

/** Merges a branch, or says what that would do; conflicts are shown with both sides, and nothing is recorded. */
export async function mergeBranch(
  branches: BranchesSource,
  name: string,
  { why, dryRun, resolve, only, actor, json }: Merging,
  terminal: Terminal,
): Promise<ExitCode> {
  if (why === undefined && !dryRun)
    throw usageError('branch merge needs --why', 'Say why, or look first with --dry-run.')
  const choices = { only, resolve: resolutionsOf(resolve) }
  const plan = await branches.plan(name, choices)
  const isStuck = plan.conflicts.length > 0
  if (dryRun || why === undefined || isStuck) {
    await terminal.print(json ? JSON.stringify(plan) : planLines(plan, terminal.style).join('\n'))
    if (isStuck && !json) terminal.note('Nothing is merged before every conflict is resolved.')
    return isStuck ? exitCodes.conflict : exitCodes.ok
  }
  const outcome = await branches.merge(name, choices, { why, actor })
  await terminal.print(
    json ? JSON.stringify(outcome) : outcomeLines(plan, outcome, terminal.style).join('\n'),
  )
  return exitCodes.ok
}

/** `order-1=mine`, or `mine` for all. */
function resolutionsOf(written: readonly string[]): Resolution | Record<string, Resolution> | undefined {
  if (written.length === 0) return undefined
  const pairs = written.map((one) => {
    const end = one.lastIndexOf('=')
    const choice = resolutions.find((known) => known === one.slice(end + 1))
    if (choice === undefined)
      throw usageError(
        `--resolve is ${JSON.stringify(one)}`,
        `Give <stream>=<choice>, a choice being one of ${resolutions.join(', ')}.`,
      )
    return { stream: end < 0 ? undefined : one.slice(0, end), choice }
  })
  const [all] = pairs
  if (all !== undefined && all.stream === undefined && pairs.length === 1) return all.choice
  if (pairs.some(({ stream }) => stream === undefined))
    throw usageError('--resolve is given for all and by stream', 'Give one for all, or one for each stream.')
  return Object.fromEntries(pairs.map(({ stream, choice }) => [stream ?? '', choice]))
}

function planLines(plan: MergePlan, style: Style): readonly string[] {
  const { branch, into, steps, conflicts, merged } = plan
  const conflicting = conflicts.length === 0 ? '' : `, ${style.bad(counted(conflicts.length, 'conflict'))}`
  const before = merged === 0 ? '' : `, ${counted(merged, 'step')} merged before`
  return [
    `${style.strong(branch)} into ${style.strong(into)}: ${counted(steps.length, 'step')} to take over${conflicting}${before}`,
    ...stepLines('Would be recorded', steps, style),
    ...stepLines('Would be decided again', plan.decide, style),
    ...stepLines('Would be left out', plan.left, style),
    ...conflicts.flatMap((conflict) => ['', ...conflictLines(plan, conflict, style)]),
  ]
}

const mostSteps = 50
const mostStreams = 4

function stepLines(title: string, steps: readonly MergeStep[], style: Style): readonly string[] {
  if (steps.length === 0) return []
  const rows = steps.slice(0, mostSteps).map(({ id, kind, command, streams, events }) => ({
    sign: kind === 'amend' ? style.warning('~') : style.good('+'),
    what: printable(kind === 'amend' ? counted(events.length, 'amendment') : (command ?? 'append')),
    id: printable(id),
    streams: streamsOf(streams),
  }))
  const whats = Math.max(...rows.map(({ what }) => what.length))
  const ids = Math.max(...rows.map(({ id }) => id.length))
  const left = steps.length - rows.length
  return [
    '',
    style.strong(title),
    ...rows.map(
      ({ sign, what, id, streams }) =>
        `  ${sign} ${style.name(what.padEnd(whats))}  ${style.dim(id.padEnd(ids))}  ${streams}`,
    ),
    ...(left > 0 ? [style.dim(`  … and ${left} more: --json prints all`)] : []),
  ]
}

function streamsOf(streams: readonly string[]): string {
  const left = streams.length - mostStreams
  const named = streams.slice(0, mostStreams).map(printable).join(', ')
  return left > 0 ? `${named} and ${left} more` : named
}

const meanings = {
  moved: 'moved on both sides',
  amended: 'was amended on both sides',
  cut: 'has only a part of what a command recorded',
  decided: 'has commands that were decided on both sides',
}

function conflictLines(
  { branch, into }: MergePlan,
  conflict: MergeConflict,
  style: Style,
): readonly string[] {
  const { stream, kind, mine, theirs, decided } = conflict
  const width = Math.max(branch.length, into.length)
  const choices = {
    mine: `record what ${branch} has after what ${into} has`,
    theirs: `leave out what ${branch} has`,
    decide: `decide the commands again, on what ${into} has then`,
  }
  const offered = resolutions.filter((choice) => (kind !== 'cut' && kind !== 'decided') || choice !== 'mine')
  const longest = Math.max(...offered.map((choice) => choice.length))
  return [
    `${style.bad('Conflict')}: ${style.name(printable(stream))} ${meanings[kind]}`,
    ...mine.map((event) => `  ${branch.padEnd(width)}  ${eventLine(event, style)}`),
    ...theirs.map((event) => `  ${into.padEnd(width)}  ${eventLine(event, style)}`),
    ...decided.map(
      ({ id, status, reason }) =>
        `  ${into.padEnd(width)}  ${printable(id)} ${status}${reason === undefined ? '' : ` ${dataOf(reason)}`}`,
    ),
    ...offered.map(
      (choice) =>
        `  ${style.strong(`--resolve ${written(stream)}=${choice}`)}${' '.repeat(longest - choice.length)}  ${choices[choice]}`,
    ),
  ]
}

/** As a shell takes it for one word. */
function written(stream: string): string {
  return /^[\w.:@/-]+$/.test(stream) ? stream : `'${printable(stream).replaceAll("'", `'\\''`)}'`
}

function eventLine({ position, type, data, actor }: Envelope, style: Style): string {
  const by = actor === null ? '' : style.dim(`  (${printable(actor)})`)
  return `${style.dim(`#${position}`)} ${printable(type)} ${dataOf(data)}${by}`
}

function outcomeLines({ branch, into }: MergePlan, outcome: MergeOutcome, style: Style): readonly string[] {
  const { steps, left, decided, position } = outcome
  if (steps.length + left.length + decided.length === 0)
    return [`${style.strong(into)} has all of ${style.strong(branch)} already`]
  const kept = left.length === 0 ? '' : `, ${counted(left.length, 'step')} left out`
  return [
    `${style.strong(into)} has ${counted(steps.length, 'step')} of ${style.strong(branch)} now, up to position ${position}${kept}`,
    ...decided.map(({ id, status, reason }) => {
      const what =
        status === 'accepted' ? style.good('accepted') : `${style.bad('rejected')} ${dataOf(reason)}`
      return `  ${printable(id)} decided again: ${what}`
    }),
  ]
}
