import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type App, type Migration, migration, type Store } from '@headwater/core'
import { readConfig } from '../app/config.ts'
import { importDefault, loadApp, shown } from '../app/load.ts'
import { kindOf, pathOf, shownDatabase } from '../app/database.ts'
import { storeAt } from '../app/open.ts'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import type { ExitCode } from '../command/exit-code.ts'
import { flag, text } from '../command/options.ts'
import { copyLog } from '../migrate/copy.ts'
import { MapFile } from '../migrate/map-file.ts'
import { verifyCopy } from '../migrate/verify.ts'

export const migrate = command({
  name: 'migrate',
  summary: 'Copy a log into a new one, its events rewritten, split, merged or dropped; verify the copy',
  examples: [
    ['headwater migrate shop.db new.db --with migration.ts', 'by the rules of a migration'],
    ['headwater migrate shop.db new.db', 'every event in the current version of its schema'],
    ['headwater migrate verify shop.db new.db --with migration.ts', 'compare both logs, event by event'],
  ],
  arguments: {
    old: { description: 'The old database, a file or postgres://…; or verify, before both' },
    new: { description: 'The new database; it is made' },
    more: { description: 'After verify, the new database is the third', optional: true },
  },
  options: {
    with: text('<file>', 'The rules: a file whose default export is a migration({ … })'),
    app: text('<path>', "Without --with: the app; otherwise headwater.config.ts's, or this folder's"),
    map: text('<file>', 'Where to note which positions have become which; default: <new database>.map.jsonl'),
    json: flag('Print the summary as JSON'),
  },
  notes: [
    'The old log is only read. Times, actors, causes, tenants and commands come along; streams are numbered anew where',
    'events come or go. Interrupted, or when the old log has gone on, run it again: it goes on where it stopped. Views of',
    'the new log are built anew when the app runs; subscriptions go on where they stand in the old log, so stop them first.',
    'Exit code 3: an event has no place in the new log, or the copy is not what the rules make.',
  ],
  run: async ({ args, options, terminal }) => {
    const isCheck = args.old === 'verify'
    const [from, to, surplus] = isCheck ? [args.new, args.more] : [args.old, args.new, args.more]
    if (to === undefined)
      throw usageError('verify needs both databases', 'headwater migrate verify <old> <new>')
    if (surplus !== undefined)
      throw usageError(`${JSON.stringify(surplus)} is one argument too many`, 'headwater migrate <old> <new>')
    const rules = await rulesOf(options)
    const path = options.map ?? mapBeside(to)
    return withLogs(from, to, isCheck, async (source, target) => {
      const map = await MapFile.open(path, { make: !isCheck })
      try {
        const task = { source, target, map, migration: rules }
        const shownAs = {
          from: shownDatabase(from),
          to: shownDatabase(to),
          map: path,
          with: options.with,
          json: options.json,
        }
        return await (isCheck ? verifyCopy(task, shownAs, terminal) : copyLog(task, shownAs, terminal))
      } finally {
        await map.close()
      }
    })
  },
})

async function withLogs(
  from: string,
  to: string,
  isThere: boolean,
  work: (source: Store, target: Store) => Promise<ExitCode>,
): Promise<ExitCode> {
  for (const db of isThere ? [from, to] : [from]) requireFile(db)
  if (placeOf(from) === placeOf(to))
    throw usageError('A log can’t be migrated into itself', 'Name another database for the new log.')
  const source = await storeAt(from, { create: false })
  try {
    const target = await storeAt(to, { create: !isThere })
    try {
      return await work(source, target)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

function requireFile(db: string): void {
  if (kindOf(db) !== 'sqlite' || existsSync(resolve(pathOf(db)))) return
  throw new CliError('cli.database-not-found', `There is no database ${shown(resolve(pathOf(db)))}`, {
    exit: 'notFound',
  })
}

function placeOf(db: string): string {
  return kindOf(db) === 'sqlite' ? resolve(pathOf(db)) : db
}

/** Beside the new log, where that is a file. */
function mapBeside(to: string): string {
  if (kindOf(to) === 'sqlite') return `${pathOf(to)}.map.jsonl`
  throw usageError('A map of the positions needs a place', 'Name a file for it: --map migration.map.jsonl')
}

async function rulesOf({
  with: path,
  app,
}: {
  readonly with: string | undefined
  readonly app: string | undefined
}) {
  if (path !== undefined) return loadMigration(path)
  const loaded: { readonly app: App } = await loadApp(app ?? (await readConfig()).app ?? '.')
  return migration({ app: loaded.app, from: [], events: {} })
}

async function loadMigration(path: string): Promise<Migration> {
  if (!existsSync(resolve(path)))
    throw new CliError('cli.file-not-found', `The migration ${path} does not exist`, { exit: 'notFound' })
  const exported = await importDefault(resolve(path))
  if (isMigration(exported)) return exported
  throw usageError(
    `The default export of ${shown(resolve(path))} is no migration`,
    'End it with: export default migration({ … })',
  )
}

function isMigration(value: unknown): value is Migration {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'migration'
}
