import { setImmediate as turn } from 'node:timers/promises'
import type { DocumentQuery } from '@headwater/core'
import type { Condition } from './document-query.ts'
import type { Reader } from './reader.ts'
import { type Statements, valueStatements } from './statements.ts'
import { scopeWord, wordsStatement } from './words.ts'

export type SearchQuery = DocumentQuery & { readonly search: readonly string[] }

/** Documents that are looked at in one go. */
const chunk = 2_000
/** Documents that the index of words is walked over in one go: some ten milliseconds, if none of them matches. */
const stride = 200_000
/** Words are indexed by their beginnings up to this length. */
const longestPrefix = 6
/** The index puts together the documents of so many words that begin alike; where there are more, a shorter beginning is looked up. */
const mostTerms = 500

/** Looks words up. What it finds may, where a beginning was shortened, be too much: a condition leaves the rest out. */
export class WordIndex {
  readonly #reader: Reader
  readonly #numbers: Statements<number>

  constructor(reader: Reader) {
    this.#reader = reader
    this.#numbers = valueStatements(reader.database)
  }

  /** The last id: about as many documents as there are, of all tenants. */
  async size(table: string): Promise<number> {
    return this.#reader.read(() => this.#numbers.get(wordsStatement('last', table)).get() ?? 0)
  }

  /** The ids of documents that may match, up to one, in chunks; the event loop turns in between. */
  async *candidates(query: SearchQuery, table: string, last: number): AsyncGenerator<readonly number[]> {
    const expression = await this.#reader.read(() => this.#expressionOf(query, table))
    const find = wordsStatement('candidates', table)
    for (let after = 0; after < last; await turn()) {
      const end = after + stride
      const ids = await this.#reader.read(() => this.#numbers.get(find).all(expression, after, end, chunk))
      if (ids.length > 0) yield ids
      after = ids.length < chunk ? end : (ids.at(-1) ?? end)
    }
  }

  /** What FTS5 is asked. Words are letters, digits and marks, so that quoting them is all it takes. */
  #expressionOf({ branch, tenant, search }: SearchQuery, table: string): string {
    const whole = search.slice(0, -1).map((word) => `"${word}"`)
    const beginning = this.#indexed(search.at(-1) ?? '', table)
    return [
      `"${scopeWord(branch, tenant)}"`,
      ...whole,
      ...(beginning === '' ? [] : [`"${beginning}" *`]),
    ].join(' ')
  }

  /** A prefix that the index has at hand, or of which it has few continuations. */
  #indexed(prefix: string, table: string): string {
    if (prefix.length <= longestPrefix) return prefix
    const count = this.#numbers
      .get(wordsStatement('terms', table))
      .get(prefix, `${prefix}\u{10FFFF}`, mostTerms)
    return count === mostTerms ? Array.from(prefix).slice(0, longestPrefix).join('') : prefix
  }
}

/** That a document has the words. */
export function hasWords({ search }: SearchQuery, table: string): Condition {
  const { sql, parameters } = wordsTest(search)
  const own = ['branch', 'tenant', 'key'].map((name) => `${name} = "${table}".${name}`).join(' AND ')
  return { sql: `(SELECT ${sql} FROM "${table}_words" WHERE ${own})`, parameters }
}

/** That a document has the words and is among some; or is one of those that are known to match. */
export function isAmong(
  { branch, tenant, search }: SearchQuery,
  table: string,
  ids: readonly number[],
  matching: readonly string[],
): Condition {
  const test = wordsTest(search)
  return {
    // The plus keeps SQLite from looking all documents of a tenant through for the ids.
    sql: `key IN (SELECT key FROM "${table}_words" WHERE id IN (SELECT value FROM json_each(?))
      AND +branch = ? AND +tenant = ? AND ${test.sql} UNION ALL SELECT value FROM json_each(?))`,
    parameters: [JSON.stringify(ids), branch, tenant, ...test.parameters, JSON.stringify(matching)],
  }
}

function wordsTest(search: readonly string[]): Condition {
  const patterns = search.map((word, index) => ` ${word}${index < search.length - 1 ? ' ' : ''}`)
  return { sql: patterns.map(() => 'instr(words, ?) > 0').join(' AND ') || 'TRUE', parameters: patterns }
}
