import {
  type SealOptions,
  type SegmentFile,
  type SegmentInfo,
  segmentsOf,
  type SegmentsHandle,
  type Store,
} from '@headwater/core'
import { segmentFile } from '../archive/segment-file.ts'
import { storeAt } from '../app/open.ts'
import { targetOptions, targetWithoutApp } from '../app/target.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag, integer, type OptionValues } from '../command/options.ts'
import { count, counted } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const options = {
  size: integer('<n>', 'With seal: how many events a segment has; default: 1,000,000', { min: 1 }),
  withoutSnapshots: flag('With detach: also where streams in it could not be folded without it'),
  to: integer('<position>', 'With seal: no segment goes beyond it; default: the end of the log', { min: 1 }),
  ...targetOptions,
  json: flag('Print JSON, one segment per line'),
}

type Options = OptionValues<typeof options>
type Action = (store: Store, options: Options, terminal: Terminal) => Promise<ExitCode>

export const segmentCommand = command({
  name: 'segment',
  summary: 'Seal old parts of the log by hashes, verify them, move them into files and back',
  examples: [
    ['headwater segment', 'which are sealed, with their hashes'],
    ['headwater segment seal', 'whole segments of a million events, as many as there are'],
    ['headwater segment seal --size 10000 --to 250000', 'smaller ones, up to a position'],
    ['headwater segment verify', 'hash all events anew and compare'],
    ['headwater segment detach 1 /archive/shop-1.segment.gz', 'move the events of one into a file'],
    ['headwater segment attach 1 /archive/shop-1.segment.gz', 'and bring them back'],
  ],
  arguments: {
    action: { description: 'list, seal, verify, detach or attach', optional: true },
    number: { description: 'With detach and attach: which segment', optional: true },
    file: { description: 'With detach and attach: where its events are kept', optional: true },
  },
  options,
  notes: [
    'A hash is of every column of the events and of the hash before: note the last one elsewhere, and nobody can make others.',
    'Only PostgreSQL can detach. What reads a detached segment then fails with segment.detached; all else goes on.',
    'Interrupted, detach and attach go on when they are run again.',
    'verify ends with exit code 1 where something is not as it was sealed, and names the first segment.',
  ],
  run: async ({ args, options, terminal }) => {
    const work = workOf(args)
    const { db } = await targetWithoutApp(options)
    const store = await storeAt(db, { create: false })
    try {
      return await work(store, options, terminal)
    } finally {
      await store.close()
    }
  },
})

const actions = { list, seal, verify } satisfies Record<string, Action>
const moves = ['detach', 'attach'] as const
type Move = (typeof moves)[number]

function workOf({
  action = 'list',
  number,
  file,
}: Readonly<Record<'action' | 'number' | 'file', string | undefined>>): Action {
  if (isAction(action)) return actions[action]
  const move = moves.find((name) => name === action)
  if (move === undefined)
    throw usageError(
      `There is no action ${action}`,
      `There are ${[...Object.keys(actions), ...moves].join(', ')}.`,
    )
  if (number === undefined || file === undefined || !/^[1-9][0-9]*$/.test(number))
    throw usageError(
      `${action} takes the number of a segment and a file`,
      `headwater segment ${action} 1 shop-1.segment.gz`,
    )
  const segment = { number: Number(number), file: segmentFile(file) }
  return (store, options, terminal) => moveSegment(move, segment, store, options, terminal)
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

async function moveSegment(
  move: Move,
  { number, file }: { readonly number: number; readonly file: SegmentFile },
  store: Store,
  { withoutSnapshots, json }: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const segments = segmentsOf(store)
  const label = move === 'detach' ? 'Detaching' : 'Attaching'
  const segment = await withProgress(label, undefined, terminal, (along) =>
    move === 'detach'
      ? segments.detach(number, file, { ...along, withoutSnapshots })
      : segments.attach(number, file, along),
  )
  if (json) await printLines([segment], terminal)
  else {
    const where = move === 'detach' ? `in ${file.name}` : 'in the log again'
    const positions = `positions ${count(segment.first)} to ${count(segment.last)}`
    await terminal.print(`${terminal.style.good('✓')} Segment ${number}, ${positions}, is ${where}`)
  }
  return exitCodes.ok
}

async function list(store: Store, options: Options, terminal: Terminal): Promise<ExitCode> {
  const segments = await Array.fromAsync(segmentsOf(store).list())
  if (segments.length === 0) terminal.note('No segments are sealed.')
  else await print(segments, options, terminal)
  return exitCodes.ok
}

async function seal(store: Store, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { size, to } = options
  const { position } = await store.log.head(0)
  const chosen: SealOptions = { ...(size !== undefined && { size }), ...(to !== undefined && { to }) }
  const sealed: SegmentInfo[] = []
  await withProgress('Sealing', position, terminal, async (along) => {
    for await (const segment of segmentsOf(store).seal({ ...chosen, ...along })) sealed.push(segment)
  })
  if (sealed.length > 0) await print(sealed, options, terminal)
  else terminal.note('There are not enough events for another segment.')
  return exitCodes.ok
}

async function verify(store: Store, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { position } = await store.log.head(0)
  const findings = await withProgress('Verifying', position, terminal, (along) =>
    Array.fromAsync(segmentsOf(store).verify(along)),
  )
  const wrong = findings.filter(({ difference }) => difference !== null)
  if (options.json) await printLines(findings, terminal)
  else if (wrong.length > 0)
    await terminal.print(
      table(
        [...placeColumns, { title: 'difference', value: ({ difference }) => difference }],
        wrong,
        terminal,
      ),
    )
  const away = findings.filter(({ state }) => state !== 'attached').length
  if (away > 0) terminal.note(`${counted(away, 'segment is', 'segments are')} not in the log: not looked at`)
  const [first] = wrong
  const end = findings.at(-1)?.last ?? 0
  if (first === undefined)
    terminal.note(
      `${counted(findings.length - away, 'segment is', 'segments are')} as sealed, up to position ${count(end)}`,
    )
  else
    terminal.note(
      `Segment ${first.number} is the first that is not as sealed: positions ${count(first.first)} to ${count(first.last)}`,
    )
  return first === undefined ? exitCodes.ok : exitCodes.failed
}

type Along = NonNullable<Parameters<SegmentsHandle['verify']>[0]>

async function withProgress<Result>(
  label: string,
  total: number | undefined,
  terminal: Terminal,
  work: (along: Along) => Promise<Result>,
): Promise<Result> {
  const progress = terminal.progress(label, { total })
  try {
    return await work({
      signal: terminal.signal,
      onProgress: (position) => progress.update(position),
    })
  } finally {
    progress.stop()
  }
}

async function print(segments: readonly SegmentInfo[], { json }: Options, terminal: Terminal): Promise<void> {
  if (json) return printLines(segments, terminal)
  const columns: Column<SegmentInfo>[] = [
    ...placeColumns,
    { title: 'sealed', value: ({ sealedAt }) => sealedAt.toISOString() },
    { title: 'hash', value: ({ hash }) => hash },
    ...(segments.some(({ state }) => state !== 'attached') ? fileColumns : []),
  ]
  await terminal.print(table(columns, segments, terminal))
}

const placeColumns: readonly Column<SegmentInfo>[] = [
  { title: 'segment', value: ({ number }) => number },
  { title: 'first', value: ({ first }) => first },
  { title: 'last', value: ({ last }) => last },
]

const fileColumns: readonly Column<SegmentInfo>[] = [
  { title: 'state', value: ({ state }) => state },
  { title: 'file', value: ({ file }) => file },
]

async function printLines(segments: readonly SegmentInfo[], terminal: Terminal): Promise<void> {
  if (segments.length > 0) await terminal.print(segments.map((one) => JSON.stringify(one)).join('\n'))
}
