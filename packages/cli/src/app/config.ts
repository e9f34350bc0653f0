import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CliError } from '../command/cli-error.ts'
import { kindOf, pathOf } from './database.ts'
import { importDefault } from './load.ts'

/** What `headwater.config.ts` may say, so that the command line needn't; a path is relative to that file. */
export interface Config {
  /** The app's folder or file. */
  readonly app?: string
  /** `memory:`, a SQLite file, or `postgres://…`; a password is better kept in the environment. */
  readonly db?: string
  readonly port?: number
  readonly host?: string
}

const names = ['headwater.config.ts', 'headwater.config.mts', 'headwater.config.js', 'headwater.config.mjs']
const types: Record<keyof Config, 'string' | 'number'> = {
  app: 'string',
  db: 'string',
  port: 'number',
  host: 'string',
}

/** The configuration of the folder in which the command was called; empty where there is none. */
export async function readConfig(folder = process.cwd()): Promise<Config> {
  const file = names.map((name) => resolve(folder, name)).find((candidate) => existsSync(candidate))
  return file === undefined ? {} : check(await importDefault(file), file)
}

function check(exported: unknown, file: string): Config {
  if (typeof exported !== 'object' || exported === null)
    throw invalid(file, 'its default export is no object')
  const config: Record<string, unknown> = { ...exported }
  for (const [name, value] of Object.entries(config)) {
    const type = Object.entries(types).find(([known]) => known === name)?.[1]
    if (type === undefined) throw invalid(file, `it sets ${JSON.stringify(name)}`)
    if (value !== undefined && typeof value !== type) throw invalid(file, `${name} is no ${type}`)
  }
  const from = dirname(file)
  const { app, db, port, host }: Config = config
  return {
    ...(app !== undefined && { app: resolve(from, app) }),
    ...(db !== undefined && { db: kindOf(db) === 'sqlite' ? resolve(from, pathOf(db)) : db }),
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
  }
}

function invalid(file: string, reason: string): CliError {
  return new CliError('cli.usage', `${file} is no configuration: ${reason}`, {
    exit: 'usage',
    remedy: `It may set ${Object.keys(types).join(', ')}: export default { app: './src/app.ts' }`,
  })
}
