import { usageError } from '../command/cli-error.ts'

export type DatabaseKind = 'memory' | 'sqlite' | 'postgres' | 'unknown'

/** What a database is, by how it is named: `memory:`, the path of a SQLite file, `postgres://…`. */
export function kindOf(db: string): DatabaseKind {
  if (isMemory(db)) return 'memory'
  // One letter is a drive.
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(db) ?? []
  if (scheme === undefined || /^(?:sqlite|file)$/i.test(scheme)) return 'sqlite'
  return /^postgres(?:ql)?$/i.test(scheme) ? 'postgres' : 'unknown'
}

export function isMemory(db: string): boolean {
  return db === 'memory:' || db === ':memory:'
}

/** The path of a SQLite file. */
export function pathOf(db: string): string {
  return db.replace(/^(?:sqlite|file):(?:\/\/(?=\/))?/i, '')
}

/** For people and logs: of a PostgreSQL database its place, and neither who uses it nor a password. */
export function shownDatabase(db: string): string {
  if (kindOf(db) !== 'postgres' || !URL.canParse(db)) return kindOf(db) === 'unknown' ? schemeOf(db) : db
  const { host, pathname, searchParams } = new URL(db)
  const schema = searchParams.get('schema')
  return `postgres://${host}${pathname}${schema === null ? '' : ` (schema ${schema})`}`
}

/** The last part of what a database is called, for want of an app's name. */
export function nameOf(db: string): string {
  const plain = kindOf(db) === 'postgres' && URL.canParse(db) ? new URL(db).pathname : pathOf(db)
  const [, name = ''] = /([^/\\]*?)(?:\.[a-z0-9]+)?$/i.exec(plain) ?? []
  return name
}

/** The same database with its tables in another schema. @throws CliError usage */
export function inSchema(db: string, schema: string | undefined): string {
  if (schema === undefined) return db
  if (kindOf(db) !== 'postgres' || !URL.canParse(db))
    throw usageError(`${shownDatabase(db)} has no schemas`, '--schema is for a postgres:// database.')
  const url = new URL(db)
  url.searchParams.set('schema', schema)
  return url.href
}

function schemeOf(db: string): string {
  return `${db.slice(0, db.indexOf(':'))}:…`
}
