import { setFlagsFromString } from 'node:v8'
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
  return withoutOptimizing(async () => {
    const parser = await import('libpg-query')
    await parser.loadModule()
    // What every statement goes through is compiled when the first one does.
    parser.parseSync('SELECT 1')
    return parser
  })
}

/**
 * V8 compiles what a WebAssembly module runs often a second time, optimized. For the grammar of all of SQL, which is one
 * function, that takes half a gigabyte and seconds of a core, to save milliseconds in all: each text is parsed once. These
 * settings are the process's, but say only how modules and functions are compiled that are met meanwhile.
 */
async function withoutOptimizing<Result>(work: () => Promise<Result>): Promise<Result> {
  const settings = ['wasm-tier-up', 'wasm-dynamic-tiering']
  for (const setting of settings) setFlagsFromString(`--no-${setting}`)
  try {
    return await work()
  } finally {
    for (const setting of settings) setFlagsFromString(`--${setting}`)
  }
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
