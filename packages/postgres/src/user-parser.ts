import { HeadwaterError } from '@headwater/core/errors'
import type * as PgQuery from 'libpg-query'

/** A node of the tree that PostgreSQL's parser makes; its kinds are those of `parsenodes.h`. */
export type Tree = Readonly<Record<string, unknown>>

export interface Parsed {
  readonly statement: Tree
  /** Without the semicolon, and what stands behind it. */
  readonly text: string
}

type Parser = typeof PgQuery

let loading: Promise<Parser> | undefined

/** PostgreSQL's own parser, as WebAssembly: loaded when the first statement of a user's comes. */
export async function loadParser(): Promise<Parser> {
  return (loading ??= load())
}

async function load(): Promise<Parser> {
  const parser = await import('libpg-query')
  await parser.loadModule()
  return parser
}

/** @throws HeadwaterError `sql.failed` for what is not one statement */
export function parsed(parser: Parser, sql: string): Parsed {
  const { stmts = [] } = treeOf(parser, sql)
  const [only, ...others] = stmts
  if (only?.stmt === undefined || others.length > 0)
    throw new HeadwaterError('sql.failed', `The text is ${stmts.length} statements, not one`, {
      details: { sql: sql.slice(0, 1_000) },
    })
  const { stmt, stmt_location: start = 0, stmt_len: length } = only
  const bytes = Buffer.from(sql)
  const text = bytes.subarray(start, length === undefined ? undefined : start + length).toString()
  return { statement: stmt as Tree, text }
}

function treeOf(parser: Parser, sql: string): ReturnType<Parser['parseSync']> {
  try {
    return parser.parseSync(sql)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new HeadwaterError('sql.failed', `The statement failed: ${message}`, {
      cause: error,
      details: { sql: sql.slice(0, 1_000) },
    })
  }
}
