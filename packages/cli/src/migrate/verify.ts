import { type MigrationFault, type MigrationTask, verifyMigration, type VerifiedPage } from '@headwater/core'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { count, counted, duration, printable } from '../terminal/format.ts'
import { openListing } from '../terminal/listing.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { ShownAs } from './copy.ts'

const mostShown = 20

/** Compares both logs event by event, and tells where they are not what the rules make. */
export async function verifyCopy(task: MigrationTask, shown: ShownAs, terminal: Terminal): Promise<ExitCode> {
  const started = performance.now()
  const { position: head } = await task.source.log.head(0)
  const faults = await openListing<MigrationFault>(undefined)
  const progress = terminal.progress('Verifying', { total: head })
  let last: Omit<VerifiedPage, 'faults'> = { position: 0, events: 0, newEvents: 0, commands: 0 }
  try {
    for await (const { faults: found, ...page } of verifyMigration({ ...task, signal: terminal.signal })) {
      for (const fault of found) await faults.add(fault)
      last = page
      progress.update(page.position, counted(faults.count, 'fault'))
    }
  } finally {
    progress.stop()
  }
  const ok = faults.count === 0
  if (shown.json) {
    const { events, newEvents, commands } = last
    await terminal.print(
      JSON.stringify({ ok, events, newEvents, commands, faultCount: faults.count, faults: faults.kept }),
    )
  } else {
    for (const fault of faults.kept.slice(0, mostShown)) terminal.warn(describe(fault))
    if (faults.count > mostShown) terminal.warn(`… and ${counted(faults.count - mostShown, 'more fault')}`)
    const { style } = terminal
    const compared = `${counted(last.events, 'event')} → ${counted(last.newEvents, 'event')}, ${counted(last.commands, 'command')}`
    const verdict = ok ? 'all as the rules make it' : counted(faults.count, 'fault')
    const took = duration(performance.now() - started)
    await terminal.print(
      `${ok ? style.good('✓') : style.bad('✗')} ${compared}, compared in ${took}: ${verdict}`,
    )
  }
  return ok ? exitCodes.ok : exitCodes.refused
}

function describe({ old, new: position, message }: MigrationFault): string {
  const places = [
    ...(old === undefined ? [] : [`old #${count(old)}`]),
    ...(position === undefined ? [] : [`new #${count(position)}`]),
  ]
  return `${[...places].join(' → ')}: ${printable(message)}`
}
