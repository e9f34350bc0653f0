import {
  type App,
  catalogOf,
  checkApp,
  CheckTally,
  describeIssue,
  type Misfit,
  type Store,
} from '@headwater/core'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { count, counted, duration, printable } from '../terminal/format.ts'
import { type Listing, openListing } from '../terminal/listing.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface CheckTask {
  /** For messages. */
  readonly db: string
  readonly after: number
  /** Those of the command log, too. */
  readonly commands: boolean
  /** Where to list everything that doesn't fit. */
  readonly misfits: string | undefined
  readonly json: boolean
}

/** For people; programs get more, and a file gets all. */
const mostReasons = 20
const mostPlaces = 4

/** Reads recorded history against the app's schemas, and tells what doesn't fit. */
export async function checkRecorded(
  app: App,
  store: Store,
  task: CheckTask,
  terminal: Terminal,
): Promise<ExitCode> {
  const started = performance.now()
  const { position: head } = await store.log.head(0)
  const tally = new CheckTally()
  const misfits = await openListing<Misfit>(task.misfits)
  const progress = terminal.progress('Checking', { total: head })
  try {
    const pages = checkApp(app, store, { after: task.after, withCommands: task.commands })
    for await (const page of pages) {
      terminal.signal.throwIfAborted()
      tally.add(page)
      for (const misfit of page.misfits) await misfits.add(misfit)
      if (page.kind === 'event') progress.update(page.scannedTo, counted(misfits.count, 'misfit'))
    }
  } finally {
    progress.stop()
    await misfits.close()
  }
  if (task.json) await terminal.print(JSON.stringify(summaryOf(tally, misfits, head)))
  else await tell(app, tally, misfits, { ...task, took: performance.now() - started }, terminal)
  return misfits.count === 0 ? exitCodes.ok : exitCodes.refused
}

function summaryOf(tally: CheckTally, misfits: Listing<Misfit>, head: number) {
  return {
    ok: misfits.count === 0,
    head,
    types: tally.counts,
    misfitCount: misfits.count,
    /** The first thousand. */
    misfits: misfits.kept,
  }
}

async function tell(
  app: App,
  tally: CheckTally,
  misfits: Listing<Misfit>,
  { db, took, misfits: file }: CheckTask & { readonly took: number },
  terminal: Terminal,
): Promise<void> {
  const { style } = terminal
  const current = new Map(catalogOf(app).events.map(({ name, version }) => [name, version]))
  const columns: Column<(typeof tally.counts)[number]>[] = [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'type', value: ({ type }) => type },
    { title: 'recorded as', value: ({ kind, version }) => (kind === 'event' ? version : undefined) },
    { title: 'current', value: ({ kind, type }) => (kind === 'event' ? current.get(type) : undefined) },
    { title: 'count', value: ({ count: found }) => found },
    { title: 'misfits', value: ({ misfits: found }) => found },
  ]
  const checked = tally.counts.reduce((sum, { count: found }) => sum + found, 0)
  if (checked > 0) await terminal.print(table(columns, tally.counts, terminal))
  for (const line of reasonsOf(misfits.kept)) terminal.warn(line)
  const more = misfits.count - misfits.kept.length
  if (more > 0)
    terminal.warn(`… and ${counted(more, 'more misfit')}: ${file ?? 'list them all with --misfits <file>'}`)
  const mark = misfits.count === 0 ? style.good('✓') : style.bad('✗')
  const verdict = misfits.count === 0 ? 'all of it fits' : `${counted(misfits.count, 'misfit')}`
  await terminal.print(
    `${mark} ${count(checked)} recorded in ${db}, checked in ${duration(took)}: ${verdict}`,
  )
}

/** What is wrong with the same thing for the same reason is told once, with where it was found. */
function reasonsOf(misfits: readonly Misfit[]): readonly string[] {
  const places = new Map<string, string[]>()
  for (const misfit of misfits) {
    const { kind, type, version, code, message, issues } = misfit
    const what = kind === 'event' ? `${type} v${version}` : `command ${type}`
    const why = issues.length === 0 ? message : issues.map(describeIssue).join('; ')
    const reason = `${printable(what)}: ${printable(why)} [${code}]`
    const known = places.get(reason)
    if (known === undefined) places.set(reason, [placeOf(misfit)])
    else known.push(placeOf(misfit))
  }
  const lines = [...places].map(([reason, found]) => `${reason} ${shorten(found)}`)
  if (lines.length <= mostReasons) return lines
  return [...lines.slice(0, mostReasons), `… and ${counted(lines.length - mostReasons, 'more reason')}`]
}

function placeOf({ kind, position, stream, revision }: Misfit): string {
  return kind === 'event' ? `#${position} ${printable(stream ?? '')}/${revision}` : `#${position}`
}

function shorten(places: readonly string[]): string {
  const rest = places.length - mostPlaces
  return places.slice(0, mostPlaces).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '')
}
