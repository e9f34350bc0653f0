import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type App, app as emptyApp } from '@headwater/core'
import { CliError } from '../command/cli-error.ts'
import { text } from '../command/options.ts'
import { type Config, readConfig } from './config.ts'
import { inSchema, kindOf, nameOf, pathOf } from './database.ts'
import { type LoadedApp, loadApp, shown } from './load.ts'

/** Where what runs by itself keeps its database. */
export const dataFolder = '.headwater'

export const targetOptions = {
  app: text('<path>', "The app: a folder or a file; otherwise headwater.config.ts's, or this folder's"),
  db: text(
    '<database>',
    `A SQLite file or postgres://…; otherwise $HEADWATER_DB, headwater.config.ts's, or ${dataFolder}/<app>.db`,
  ),
  schema: text('<name>', 'Of a PostgreSQL database; otherwise $HEADWATER_SCHEMA, or headwater'),
}

export interface TargetOptions {
  readonly app: string | undefined
  readonly db: string | undefined
  readonly schema: string | undefined
}

/** An app and its database. */
export interface Target {
  readonly app: App
  /** Undefined: no app is needed, and none was found. */
  readonly loaded: LoadedApp | undefined
  /** As `open` takes it. It may hold a password: `shownDatabase` is for people. */
  readonly db: string
  /** Whether it may be made. */
  readonly create: boolean
  readonly config: Config
}

/**
 * @param make the database may be made; otherwise it has to be there
 * @throws CliError `cli.app-not-found`, `cli.database-not-found`
 */
export async function targetOf(
  options: TargetOptions,
  { make }: { readonly make: boolean },
): Promise<Target & { readonly loaded: LoadedApp }> {
  const config = await readConfig()
  const loaded = await loadApp(options.app ?? config.app ?? '.')
  const db = namedDatabase(options, config) ?? join(dataFolder, `${loaded.app.name}.db`)
  prepare(db, make)
  return { app: loaded.app, loaded, db, create: make, config }
}

/**
 * The same for a command that only reads events, which can be done without their app.
 *
 * @throws CliError `cli.app-not-found` where one was asked for, `cli.database-not-found`
 */
export async function targetWithoutApp(options: TargetOptions): Promise<Target> {
  const config = await readConfig()
  const named = options.app ?? config.app
  const loaded = named === undefined ? undefined : await loadApp(named)
  const db =
    namedDatabase(options, config) ??
    (loaded === undefined ? onlyDatabase() : join(dataFolder, `${loaded.app.name}.db`))
  if (db === undefined) {
    throw new CliError('cli.database-not-found', `There is no database in ${dataFolder}/`, {
      exit: 'notFound',
    })
  }
  prepare(db, false)
  return { app: loaded?.app ?? emptyApp({ name: nameOf(db) }), loaded, db, create: false, config }
}

/** What was said of the database: on the command line, in the environment, or in the configuration. */
export function namedDatabase(
  { db, schema }: Pick<TargetOptions, 'db' | 'schema'>,
  config: Config,
): string | undefined {
  const named = db ?? (process.env['HEADWATER_DB'] || undefined) ?? config.db
  if (named !== undefined && kindOf(named) === 'postgres')
    return inSchema(named, schema ?? (process.env['HEADWATER_SCHEMA'] || undefined))
  if (schema !== undefined) return inSchema(named ?? '', schema)
  return named
}

function prepare(db: string, make: boolean): void {
  if (kindOf(db) !== 'sqlite') return
  const path = pathOf(db)
  if (make) {
    if (dirname(path) === dataFolder) mkdirSync(dataFolder, { recursive: true })
    return
  }
  if (!existsSync(resolve(path))) {
    throw new CliError('cli.database-not-found', `There is no database ${shown(resolve(path))}`, {
      exit: 'notFound',
    })
  }
}

/** What `dev` made here, where it made one. @throws CliError `cli.database-not-found` */
function onlyDatabase(): string | undefined {
  if (!existsSync(dataFolder)) return undefined
  const found = readdirSync(dataFolder).filter((name) => name.endsWith('.db'))
  if (found.length > 1) {
    throw new CliError('cli.database-not-found', `${dataFolder}/ holds ${found.join(', ')}`, {
      exit: 'usage',
      remedy: `Say which: --db ${dataFolder}/${found[0]}`,
    })
  }
  return found[0] === undefined ? undefined : join(dataFolder, found[0])
}
