import {
  type CarriedOver,
  carryOver,
  migrate,
  type MigrationTally,
  type MigrationTask,
} from '@headwater/core'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { count, counted, duration, printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** How the user named things, for messages. */
export interface ShownAs {
  readonly from: string
  readonly to: string
  readonly map: string
  readonly with: string | undefined
  readonly json: boolean
}

/** Copies what is not copied yet, and tells what was done. */
export async function copyLog(task: MigrationTask, shown: ShownAs, terminal: Terminal): Promise<ExitCode> {
  const started = performance.now()
  const head = await task.source.log.head(0)
  const progress = terminal.progress('Migrating', { total: head.position })
  let tally: MigrationTally
  try {
    tally = await migrate({
      ...task,
      signal: terminal.signal,
      onProgress: ({ position, newEvents }) =>
        progress.update(position, `${counted(newEvents, 'event')} written`),
    })
  } catch (error) {
    if (terminal.signal.aborted) terminal.warn('Interrupted. Run it again to go on.')
    throw error
  } finally {
    progress.stop()
  }
  const subscriptions = await carryOver(task)
  const seconds = (performance.now() - started) / 1_000
  if (shown.json) {
    await terminal.print(
      JSON.stringify({
        ...tally,
        subscriptions,
        map: shown.map,
        seconds: Math.round(seconds * 1_000) / 1_000,
      }),
    )
    return exitCodes.ok
  }
  await tell(tally, subscriptions, seconds, shown, terminal)
  return exitCodes.ok
}

async function tell(
  tally: MigrationTally,
  subscriptions: readonly CarriedOver[],
  seconds: number,
  { from, to, map, with: rules }: ShownAs,
  terminal: Terminal,
): Promise<void> {
  const { style } = terminal
  const { events, newEvents, dropped, merged, commands, position, newPosition } = tally
  const did = `${counted(events, 'event')} of ${from} → ${counted(newEvents, 'event')} in ${to}`
  await terminal.print(`${style.good('✓')} ${did} in ${duration(seconds * 1_000)}`)
  const others = [
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(commands > 0 ? [counted(commands, 'command')] : []),
  ]
  if (others.length > 0) await terminal.print(`  ${others.join(', ')}`)
  if (position > events)
    await terminal.print(
      `  ${from} is copied up to position ${count(position)}, ${to} ends at ${count(newPosition)}`,
    )
  for (const line of subscriptions.map(carriedLine)) await terminal.print(`  ${line}`)
  const option = rules === undefined ? '' : ` --with ${rules}`
  terminal.note(
    `Which position has become which: ${map}. To compare both logs: headwater migrate verify ${from} ${to}${option}`,
  )
}

function carriedLine({ name, outcome, from, to, parked, lostEdits }: CarriedOver): string {
  const who = printable(name)
  if (outcome === 'new') return `${who} never ran: it begins as it is defined`
  if (outcome === 'ahead') return `${who} has gone further in the new log already`
  const rest = [
    ...(parked > 0 ? [`${counted(parked, 'event')} parked`] : []),
    ...(lostEdits > 0 ? [`${counted(lostEdits, 'edit')} of parked events lost`] : []),
  ]
  return [`${who} goes on after position ${count(to)}, which was ${count(from)}`, ...rest].join('; ')
}
