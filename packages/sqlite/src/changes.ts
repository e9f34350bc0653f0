import type { AppendListener } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { isBusy } from './errors.ts'
import { statementsOf } from './sql.ts'

/** How soon what another process appended is noticed: milliseconds. */
const interval = 10

/**
 * Tells listeners of appends and of new versions of views: of this process's own at once, of others' by SQLite's
 * `data_version`, which changes when another connection has committed and costs no look at the file's pages.
 */
export class Changes {
  readonly #database: Database
  readonly #heads: Statement<[], [number, number]>
  readonly #views: Statement<[], number>
  readonly #listeners = new Set<AppendListener>()
  readonly #viewListeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #version: unknown
  #seen = ''
  #viewsSeen: number | undefined

  constructor(database: Database) {
    this.#database = database
    this.#heads = database.prepare<[], [number, number]>(statementsOf('log')('heads')).raw()
    this.#views = database.prepare<[], number>(statementsOf('view-versions')('generations')).pluck()
  }

  listen(listener: AppendListener): () => void {
    return this.#add(this.#listeners, listener)
  }

  listenToViews(listener: () => void): () => void {
    return this.#add(this.#viewListeners, listener)
  }

  /** @param to a position that main has reached, where this process recorded it */
  notify(to?: number): void {
    tell(this.#listeners, to)
  }

  notifyOfViews(): void {
    tell(this.#viewListeners)
  }

  close(): void {
    this.#listeners.clear()
    this.#viewListeners.clear()
    this.#stop()
  }

  #add(listeners: Set<AppendListener>, listener: AppendListener): () => void {
    const own: AppendListener = (to) => listener(to)
    listeners.add(own)
    if (this.#timer === undefined) {
      this.#look()
      this.#timer = setInterval(() => {
        const { appended, viewsChanged } = this.#look()
        if (appended) this.notify()
        if (viewsChanged) this.notifyOfViews()
      }, interval)
      this.#timer.unref()
    }
    return () => {
      listeners.delete(own)
      if (this.#listeners.size + this.#viewListeners.size === 0) this.#stop()
    }
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** A commit that appended nothing, such as of a checkpoint, is no news: it would wake those who made it. */
  #look(): { readonly appended: boolean; readonly viewsChanged: boolean } {
    try {
      const version = this.#database.pragma('data_version', { simple: true })
      if (version === this.#version) return { appended: false, viewsChanged: false }
      const heads = this.#heads.all().join(' ')
      const views = this.#views.get()
      const news = { appended: heads !== this.#seen, viewsChanged: views !== this.#viewsSeen }
      this.#version = version
      this.#seen = heads
      this.#viewsSeen = views
      return news
    } catch (error) {
      // Busy: the next look is in some milliseconds. Else whoever reads now meets the same error, and can tell somebody.
      const isNews = !isBusy(error)
      return { appended: isNews, viewsChanged: isNews }
    }
  }
}

/** In a turn of their own: a listener that throws fails nothing. */
function tell(listeners: ReadonlySet<AppendListener>, to?: number): void {
  for (const listener of listeners) queueMicrotask(() => listener(to))
}
