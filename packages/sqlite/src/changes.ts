import type { Database, Statement } from './database.ts'
import { isBusy } from './errors.ts'
import { statementsOf } from './sql.ts'

/** How soon what another process appended is noticed: milliseconds. */
const interval = 10

/**
 * Tells listeners of appends: of this process's own at once, of others' by SQLite's `data_version`, which changes when
 * another connection has committed and costs no look at the file's pages.
 */
export class Changes {
  readonly #database: Database
  readonly #heads: Statement<[], [number, number]>
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #version: unknown
  #seen = ''

  constructor(database: Database) {
    this.#database = database
    this.#heads = database.prepare<[], [number, number]>(statementsOf('log')('heads')).raw()
  }

  listen(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    if (this.#timer === undefined) {
      this.#hasNews()
      this.#timer = setInterval(() => {
        if (this.#hasNews()) this.notify()
      }, interval)
      this.#timer.unref()
    }
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.close()
    }
  }

  notify(): void {
    // In a turn of their own: a listener that throws fails no append.
    for (const listener of this.#listeners) queueMicrotask(listener)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#listeners.clear()
  }

  /** A commit that appended nothing, such as of a checkpoint, is no news: it would wake those who made it. */
  #hasNews(): boolean {
    try {
      const version = this.#database.pragma('data_version', { simple: true })
      if (version === this.#version) return false
      const heads = this.#heads.all().join(' ')
      const news = heads !== this.#seen
      this.#version = version
      this.#seen = heads
      return news
    } catch (error) {
      // Busy: the next look is in some milliseconds. Else whoever reads now meets the same error, and can tell somebody.
      return !isBusy(error)
    }
  }
}
