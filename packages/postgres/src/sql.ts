import { readFileSync } from 'node:fs'
import type { Statement } from './database.ts'

/**
 * The statements of one file in `sql/`, by their names. A statement begins with a line `-- name: <name>` and ends where
 * the next one begins.
 */
export function statementsOf(file: string): (name: string) => string {
  const statements = new Map<string, string>()
  for (const part of readSql(file)
    .split(/^-- name: /m)
    .slice(1)) {
    const end = part.indexOf('\n')
    statements.set(part.slice(0, end).trim(), part.slice(end + 1).trim())
  }
  return (name) => {
    const statement = statements.get(name)
    if (statement === undefined) throw new Error(`sql/${file}.sql has no statement ${name}`)
    return statement
  }
}

/** The same as statements that every connection prepares once. */
export function prepared(file: string): (name: string) => Statement {
  const textOf = statementsOf(file)
  return (name) => ({ name: `${file}.${name}`, text: textOf(name) })
}

/** A text with its `{places}` filled. */
export function filled(text: string, places: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (place, name: string) => places[name] ?? place)
}

export function readSql(file: string): string {
  return readFileSync(new URL(`./sql/${file}.sql`, import.meta.url), 'utf8')
}
