import { extname, resolve } from 'node:path'
import { catchUp } from '../app/catch-up.ts'
import { importDefault, shown } from '../app/load.ts'
import { type App, openStore, skipAhead, type Store } from '@headwater/core'
import { importArchive } from '../archive/import.ts'
import { isArchive } from '../archive/read.ts'
import { shownDatabase } from '../app/database.ts'
import { storeAt } from '../app/open.ts'
import { subscriptionsOf, withoutReactions } from '../app/parts.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { scopeOf, tenantOption } from '../app/tenant.ts'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { exitCodes } from '../command/exit-code.ts'
import { flag, integer, text } from '../command/options.ts'
import { importFile, type ImportSummary } from '../import/import-file.ts'
import { type ImportMap, isImportMap } from '../import/map.ts'
import type { RefusedLine } from '../import/groups.ts'
import { counted, duration, printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

const mostShown = 20

export const importCommand = command({
  name: 'import',
  summary: 'Read a file: lines become commands by a map, exported events are recorded again',
  examples: [
    ['headwater import orders.csv --map orders.map.ts', 'each line, or group of lines, becomes a command'],
    ['headwater import orders.csv --map orders.map.ts --refused refused.jsonl', 'and list what was refused'],
    ['headwater import shop.archive --db postgres://db.internal/shop', 'make the same log of an archive'],
    ['headwater import log.jsonl --db copy.db', 'record exported events again'],
    ['headwater export --db a.db --all-tenants | headwater import - --db b.db --all-tenants', 'copy a log'],
  ],
  arguments: { file: { description: 'The file; - is stdin' } },
  options: {
    map: text('<file>', 'How lines become commands: a file whose default export is an importMap({ … })'),
    ...targetOptions,
    tenant: tenantOption,
    allTenants: flag('Record each exported event for the tenant that its line names'),
    refused: text('<file>', 'Where to list all refused lines, as JSON Lines'),
    concurrency: integer('<n>', 'Commands under way at once', { min: 1, max: 10_000, default: 64 }),
    verify: flag('Of an archive: only compare it with the log, event by event'),
    json: flag('Print the summary as JSON'),
  },
  notes: [
    'Commands go through the same validation and decisions as over HTTP. Their ids come from the map, so importing a file',
    'twice changes nothing. Refused lines are listed and stop nothing; the exit code is then 3. Views are brought up to',
    'date; asynchronous subscriptions see what was imported when the app runs (headwater dev, headwater serve), and those',
    'of a log that is recorded again see only what comes after it.',
  ],
  run: async ({ args, options, terminal }) => {
    if (args.file !== '-' && options.map === undefined && (await isArchive(args.file)))
      return importArchive(args.file, options, terminal)
    if (options.verify) throw usageError('--verify is for archives', 'headwater export <archive> makes one.')
    const map = options.map === undefined ? undefined : await loadMap(options.map)
    if (map === undefined && args.file !== '-' && !['.jsonl', '.ndjson'].includes(extname(args.file))) {
      throw usageError(
        `${args.file} needs a map`,
        'Say with --map how its lines become commands. Exported events are .jsonl.',
      )
    }
    const scope = scopeOf(options)
    if (map !== undefined && scope.allTenants)
      throw usageError('Lines that become commands name no tenant', 'Say it for all of them with --tenant.')
    const { app, db } = await targetOf(options, { make: true })
    const store = await storeAt(db)
    const headwater = await openStore(withoutReactions(app), store)
    const started = performance.now()
    try {
      const { position: headBefore } = await headwater.head()
      const summary = await importFile(headwater, args.file, { ...options, scope, map, terminal })
      await catchUp(headwater, terminal)
      const seconds = (performance.now() - started) / 1_000
      if (options.json)
        await terminal.print(JSON.stringify({ ...summary, seconds: Math.round(seconds * 1_000) / 1_000 }))
      else await tell(summary, seconds, shownDatabase(db), terminal)
      await tellReactions(summary, app, { store, headBefore }, terminal)
      return summary.refused > 0 ? exitCodes.refused : exitCodes.ok
    } catch (error) {
      if (terminal.signal.aborted)
        terminal.warn('Interrupted. Run it again to go on: nothing is recorded twice.')
      throw error
    } finally {
      await headwater.close()
    }
  },
})

async function loadMap(path: string): Promise<ImportMap> {
  let exported: unknown
  try {
    exported = await importDefault(resolve(path))
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
    if (!missing) throw cause
    throw new CliError('cli.file-not-found', `The map ${path} can not be loaded`, { exit: 'notFound', cause })
  }
  if (isImportMap(exported)) return exported
  throw usageError(
    `The default export of ${shown(resolve(path))} is no import map`,
    'End it with: export default importMap({ … })',
  )
}

async function tell(summary: ImportSummary, seconds: number, db: string, terminal: Terminal): Promise<void> {
  const { style } = terminal
  tellRefused(summary, terminal)
  const mark = summary.refused === 0 ? style.good('✓') : style.warning('!')
  const took = `in ${duration(seconds * 1_000)}`
  if (summary.kind === 'events') {
    const fresh = summary.events - summary.repeated
    await terminal.print(`${mark} ${counted(fresh, 'event')} recorded in ${db} ${took}`)
  } else {
    const fresh = summary.accepted - summary.repeated
    await terminal.print(
      `${mark} ${counted(summary.lines, 'line')} → ${counted(fresh, 'command')} accepted in ${db} ${took}`,
    )
  }
  if (summary.repeated > 0)
    await terminal.print(`  ${counted(summary.repeated, summary.kind.slice(0, -1))} had been imported before`)
  if (summary.kind === 'commands' && summary.skipped > 0)
    await terminal.print(`  ${counted(summary.skipped, 'line')} skipped by the map`)
  if (summary.refused > 0) await terminal.print(`  ${counted(summary.refused, 'line')} refused`)
}

function tellRefused({ refusedLines, refusedCount, refusedFile }: ImportSummary, terminal: Terminal): void {
  for (const refused of refusedLines.slice(0, mostShown)) terminal.warn(describe(refused))
  const more = refusedCount - mostShown
  if (more <= 0) return
  terminal.warn(
    `… and ${counted(more, 'more')}: ${refusedFile === null ? 'list them all with --refused <file>' : refusedFile}`,
  )
}

function describe({ line, lastLine, group, code, reason }: RefusedLine): string {
  const lines = lastLine === undefined ? `line ${line}` : `lines ${line}–${lastLine}`
  return `${lines}${group === undefined ? '' : ` (${printable(group)})`}: ${printable(reason)} [${code}]`
}

/**
 * Subscriptions react to what commands recorded when the app runs. What another log recorded had its effects there, so
 * they are moved past it.
 */
async function tellReactions(
  summary: ImportSummary,
  app: App,
  { store, headBefore }: { readonly store: Store; readonly headBefore: number },
  terminal: Terminal,
): Promise<void> {
  const names = subscriptionsOf(app)
    .filter(({ when }) => when === 'async')
    .map(({ name }) => name)
  const recorded = summary.kind === 'commands' ? summary.accepted : summary.events
  if (names.length === 0 || recorded === summary.repeated) return
  if (summary.kind === 'commands') {
    terminal.note(`${names.join(', ')} will react when the app runs: headwater dev, headwater serve.`)
    return
  }
  for (const name of names) {
    const isMoved = await skipAhead(store, name, headBefore, (error) => terminal.warn(String(error)))
    if (!isMoved) terminal.warn(`${name} is behind, or runs elsewhere: it will react to what was imported.`)
  }
}
