import type { DocumentWrite } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { scopeWord, wordsStatement } from '../words.ts'

/** The words of a searchable collection, written with its documents. */
export class WordsTable {
  readonly #keep: Statement<[number, string, string, string], number>
  readonly #index: Statement
  readonly #forget: Statement<[number, string, string], number>
  readonly #remove: Statement

  constructor(database: Database, table: string) {
    const text = (name: string): string => wordsStatement(name, table)
    this.#keep = database.prepare<[number, string, string, string], number>(text('keep')).pluck()
    this.#index = database.prepare(text('index'))
    this.#forget = database.prepare<[number, string, string], number>(text('forget')).pluck()
    this.#remove = database.prepare(text('remove'))
  }

  write({ branch, tenant, key, document, words = '' }: DocumentWrite): void {
    if (document === null) return this.forget(branch, tenant, key)
    const id = this.#keep.get(branch, tenant, key, ` ${words} `)
    if (id !== undefined) this.#index.run(id, `${scopeWord(branch, tenant)} ${words}`)
  }

  forget(branch: number, tenant: string, key: string): void {
    const id = this.#forget.get(branch, tenant, key)
    if (id !== undefined) this.#remove.run(id)
  }
}
