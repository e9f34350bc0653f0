import type { BranchDifference, CommandSide, EventDifference } from '@headwater/client'
import { integer, list, text } from '../command/options.ts'
import type { BranchesSource } from '../source/source.ts'
import { changeTable, dataOf } from '../terminal/changes.ts'
import { counted, printable } from '../terminal/format.ts'
import type { Style } from '../terminal/style.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const diffOptions = {
  against: text('<branch>', 'Diff: a branch, or main; default: what it began on'),
  view: list('<view>', 'Diff: only documents of these views; repeated, or separated by commas'),
  limit: integer('<n>', 'Diff: print at most so many of each kind', { min: 1, default: 20 }),
}

/** Prints what differs between a branch and another history. */
export async function diffBranch(
  branches: BranchesSource,
  name: string,
  {
    against,
    view: views,
    limit,
    json,
  }: {
    readonly against: string | undefined
    readonly view: readonly string[] | undefined
    readonly limit: number
    readonly json: boolean
  },
  terminal: Terminal,
): Promise<void> {
  const difference = await branches.diff(name, { against, views })
  if (json) return terminal.print(JSON.stringify(difference))
  await printDifference(difference, limit, terminal)
}

/** @param limit so many of each kind at most */
export async function printDifference(
  difference: BranchDifference,
  limit: number,
  terminal: Terminal,
): Promise<void> {
  const { style } = terminal
  const parts = [
    totals(difference, style),
    section('Commands that came to something else', commandLines(difference, style), limit, style),
    section('Events', streamLines(difference, terminal), limit, style),
    section('Documents', documentLines(difference, style), limit, style),
  ]
  await terminal.print(parts.filter((part) => part !== '').join('\n\n'))
  for (const { view, why } of difference.notCompared) terminal.note(`${view} is not compared: ${why}`)
  if (!difference.isWhole) terminal.warn('There is more than was compared: these are the first of each side.')
}

function totals(
  { branch, against, common, events, streams, documents, commands }: BranchDifference,
  style: Style,
) {
  const sides = `${style.strong(branch)} and ${style.strong(against)} parted after position ${common}`
  if (events.length + commands.length === 0) return `${sides}; nothing differs`
  const counts = [
    counted(commands.length, 'command'),
    `${counted(events.length, 'event')} of ${counted(streams.length, 'stream')}`,
    counted(documents.length, 'document'),
  ]
  return `${sides}; what differs: ${counts.join(', ')}`
}

/** What belongs together: several lines. */
type Block = readonly string[]

function section(title: string, blocks: readonly Block[], limit: number, style: Style): string {
  if (blocks.length === 0) return ''
  const left = blocks.length - limit
  const more = left > 0 ? [style.dim(`  … and ${left} more: --limit ${blocks.length}`)] : []
  return [style.strong(title), ...blocks.slice(0, limit).flat(), ...more].join('\n')
}

function commandLines({ branch, against, commands }: BranchDifference, style: Style): readonly Block[] {
  const width = Math.max(branch.length, against.length)
  return commands.map(({ id, type, payload, ...sides }) => [
    `  ${style.name(printable(type))} ${printable(id)}  ${style.dim(dataOf(payload))}`,
    `    ${against.padEnd(width)}  ${outcomeOf(sides.against, style)}`,
    `    ${branch.padEnd(width)}  ${outcomeOf(sides.branch, style)}`,
  ])
}

function outcomeOf(side: CommandSide | undefined, style: Style): string {
  if (side === undefined) return style.dim('was never sent')
  if (side.status === 'rejected') return `${style.bad('rejected')}, ${becauseOf(side.reason)}`
  const events = side.events.map(({ type, data }) => `${printable(type)} ${dataOf(data)}`)
  return `${style.good('accepted')}${events.length === 0 ? '' : `: ${events.join(', ')}`}`
}

/** `too-high: A counter ends at 100.` */
function becauseOf(reason: unknown): string {
  if (typeof reason !== 'object' || reason === null) return dataOf(reason)
  const { code, message, data }: { code?: unknown; message?: unknown; data?: unknown } = reason
  const told = [code, message].flatMap((one) => (typeof one === 'string' ? [printable(one)] : [])).join(': ')
  return data === undefined || data === null ? told : `${told} ${dataOf(data)}`
}

function streamLines({ events, streams, against }: BranchDifference, { style }: Terminal): readonly Block[] {
  const byStream = Map.groupBy(events, ({ stream }) => stream)
  return streams.map(({ stream, changes }) => [
    `  ${style.name(printable(stream))}`,
    ...(byStream.get(stream) ?? []).map((event) => `    ${eventLine(event, against, style)}`),
    ...changeTable(changes, style).map((line) => `      ${line}`),
  ])
}

function eventLine(
  { side, kind, id, position, event, why, actor }: EventDifference,
  against: string,
  style: Style,
) {
  const sign = signOf(side, kind)
  const paint = sign === '+' ? style.good : sign === '−' ? style.bad : style.warning
  const what = event === undefined ? printable(id ?? '') : `${printable(event.type)} ${dataOf(event.data)}`
  const where = side === 'against' ? ` on ${against}` : ''
  const said = why === undefined ? '' : style.dim(`  ${kind}${where}: ${printable(why)}${byWhom(actor)}`)
  const recorded = why === undefined && where !== '' ? style.dim(`  recorded${where}`) : ''
  return `${paint(sign)} ${style.dim(`#${position}`)} ${what}${said}${recorded}`
}

function byWhom(actor: string | null): string {
  return actor === null ? '' : ` (${printable(actor)})`
}

/** What the branch has more, has not, or has otherwise. */
function signOf(side: EventDifference['side'], kind: EventDifference['kind']): '+' | '−' | '~' {
  if (kind === 'replaced' || kind === 'restored') return '~'
  const isMore = kind !== 'omitted'
  return isMore === (side === 'branch') ? '+' : '−'
}

function documentLines({ documents }: BranchDifference, style: Style): readonly Block[] {
  return documents.map(({ view, key, branch, against, changes }) => {
    const sign = against === undefined ? style.good('+ ') : branch === undefined ? style.bad('− ') : ''
    return [
      `  ${sign}${style.name(printable(view))} ${printable(key)}`,
      ...changeTable(changes, style).map((line) => `    ${line}`),
    ]
  })
}
