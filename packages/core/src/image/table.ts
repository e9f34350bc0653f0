import { deepFreeze } from '../message/freeze.ts'

/** Entries by key, as readers see them: they change as the log goes on. */
export interface ReadTable<Value> {
  readonly size: number
  get(key: string): Value | undefined
  has(key: string): boolean
  keys(): IterableIterator<string>
  values(): IterableIterator<Value>
  entries(): IterableIterator<[string, Value]>
  [Symbol.iterator](): IterableIterator<[string, Value]>
}

/** The same for folds. A value is frozen when it is set: to change it is to set another one. */
export interface Table<Value> extends ReadTable<Value> {
  set(key: string, value: Value): void
  delete(key: string): void
}

/** What became of a key: its value, or undefined where it was deleted. */
export type Changes = ReadonlyMap<string, unknown>

/** A table that can take back what one event did, and tells what has changed since it was last asked. */
export class ImageTable implements Table<unknown> {
  readonly #entries = new Map<string, unknown>()
  readonly #undo: [key: string, before: unknown][] = []
  /** Undefined: nobody wants to know. */
  #changes: Map<string, unknown> | undefined

  get size(): number {
    return this.#entries.size
  }

  get(key: string): unknown {
    return this.#entries.get(key)
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  values(): IterableIterator<unknown> {
    return this.#entries.values()
  }

  entries(): IterableIterator<[string, unknown]> {
    return this.#entries.entries()
  }

  [Symbol.iterator](): IterableIterator<[string, unknown]> {
    return this.#entries.entries()
  }

  set(key: string, value: unknown): void {
    if (value === undefined) throw new TypeError(`A table holds no undefined value: ${JSON.stringify(key)}`)
    this.#undo.push([key, this.#entries.get(key)])
    this.#put(key, deepFreeze(value))
  }

  delete(key: string): void {
    if (!this.#entries.has(key)) return
    this.#undo.push([key, this.#entries.get(key)])
    this.#put(key, undefined)
  }

  /** What was done since the last event stays done. */
  keep(): void {
    if (this.#undo.length > 0) this.#undo.length = 0
  }

  /** Takes back what was done since then. */
  takeBack(): void {
    for (const [key, before] of this.#undo.toReversed()) this.#put(key, before)
    this.#undo.length = 0
  }

  /** Puts in what a snapshot holds. */
  load(key: string, value: unknown): void {
    if (value === undefined) this.#entries.delete(key)
    else this.#entries.set(key, deepFreeze(value))
  }

  clear(): void {
    this.#entries.clear()
    this.#changes = undefined
  }

  /** The changes since the last call, at no cost that grows with them; from now on they are gathered anew. */
  takeChanges(): Changes {
    const changes = this.#changes ?? new Map<string, unknown>()
    this.#changes = new Map()
    return changes
  }

  #put(key: string, value: unknown): void {
    if (value === undefined) this.#entries.delete(key)
    else this.#entries.set(key, value)
    this.#changes?.set(key, value)
  }
}
