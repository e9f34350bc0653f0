import { storeAt } from '../app/open.ts'
import { shownDatabase } from '../app/database.ts'
import { targetOf, type TargetOptions } from '../app/target.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { count, counted, duration, printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Compared, type Restored, restoreArchive, verifyArchive } from './restore.ts'

interface ImportArchiveOptions extends TargetOptions {
  readonly verify: boolean
  readonly json: boolean
}

/** Makes a log of an archive, or compares the two, and tells what was done. */
export async function importArchive(
  path: string,
  options: ImportArchiveOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { app, db } = await targetOf(options, { make: !options.verify })
  const store = await storeAt(db, { create: !options.verify })
  const started = performance.now()
  try {
    if (options.verify) {
      const compared = await verifyArchive(store, path, terminal)
      const what = counts(compared)
      if (options.json) await terminal.print(JSON.stringify({ ...compared, isSame: true }))
      else await terminal.print(`${terminal.style.good('✓')} ${what} are the same in ${shownDatabase(db)}`)
      return exitCodes.ok
    }
    const restored = await restoreArchive(app, store, path, terminal)
    const seconds = (performance.now() - started) / 1_000
    if (options.json)
      await terminal.print(JSON.stringify({ ...restored, seconds: Math.round(seconds * 1_000) / 1_000 }))
    else await tell(restored, db, path, seconds, terminal)
    return exitCodes.ok
  } catch (error) {
    if (terminal.signal.aborted)
      terminal.warn('Interrupted. Run it again to go on: nothing is recorded twice.')
    throw error
  } finally {
    await store.close()
  }
}

async function tell(
  restored: Restored,
  db: string,
  path: string,
  seconds: number,
  terminal: Terminal,
): Promise<void> {
  const { repeated, position, subscriptions } = restored
  const where = `in ${shownDatabase(db)}, up to position ${count(position)}, in ${duration(seconds * 1_000)}`
  await terminal.print(`${terminal.style.good('✓')} ${counts(restored)} ${where}`)
  if (repeated > 0) await terminal.print(`  ${count(repeated)} of them had been imported before`)
  for (const name of subscriptions) await terminal.print(`  ${printable(name)} goes on where it stood`)
  terminal.note(`Views are built when the app runs. To compare both: headwater import ${path} --verify`)
}

function counts({ events, commands, calls }: Compared): string {
  const recorded = [counted(events, 'event'), counted(commands, 'command')]
  if (calls === 0) return recorded.join(' and ')
  return `${recorded.join(', ')} and ${counted(calls, 'call to the outside', 'calls to the outside')}`
}
