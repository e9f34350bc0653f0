import type { AppendListener } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { Line } from './line.ts'
import { statementsOf } from './sql.ts'

/** How often somebody looks whether news was missed: milliseconds; and while no news can come. */
const interval = 1_000
const intervalWithoutLine = 100

const news: Statement = { name: 'news', text: statementsOf('log')('news') }

type Kind = 'events' | 'views'

/**
 * Tells listeners of appends and of new versions of views: of this process's own at once, of others' when they tell, which
 * they do after the commit and not in it. To be told takes no longer than a look, which is only the net: a message may be
 * lost with a connection.
 */
export class Changes {
  readonly #database: Database
  readonly #line: Line
  readonly #listeners: Readonly<Record<Kind, Set<AppendListener>>> = { events: new Set(), views: new Set() }
  readonly #seen = new Map<Kind, string>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isClosed = false

  constructor(database: Database) {
    this.#database = database
    this.#line = new Line(database, {
      hear: (kind) => {
        if (kind === 'events' || kind === 'views') this.#tell(kind)
      },
      opened: () => {
        this.#tell('events')
        this.#tell('views')
      },
    })
  }

  listen(listener: AppendListener): () => void {
    return this.#add('events', listener)
  }

  listenToViews(listener: () => void): () => void {
    return this.#add('views', listener)
  }

  /** After an append of this process. @param to a position of main that it recorded */
  notify(to: number | undefined): void {
    this.#tell('events', to)
    this.#line.send('events')
  }

  /** After a change of the versions of views by this process. */
  notifyOfViews(): void {
    this.#tell('views')
    this.#line.send('views')
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const listeners of Object.values(this.#listeners)) listeners.clear()
    clearTimeout(this.#timer)
    await this.#line.close()
  }

  #add(kind: Kind, listener: AppendListener): () => void {
    // Wrapped, so that a listener that is given twice is called twice and stopped one by one.
    const own: AppendListener = (to) => listener(to)
    this.#listeners[kind].add(own)
    this.#line.open()
    if (!this.#isLooking) {
      this.#isLooking = true
      void this.#look()
    }
    return () => {
      this.#listeners[kind].delete(own)
    }
  }

  /** In a turn of their own: a listener that throws fails nothing. */
  #tell(kind: Kind, to?: number): void {
    for (const listener of this.#listeners[kind]) queueMicrotask(() => listener(to))
  }

  #isNobodyListening(): boolean {
    return this.#listeners.events.size + this.#listeners.views.size === 0
  }

  async #look(): Promise<void> {
    try {
      const { rows } = await this.#database.run<[string, string]>(news)
      const [events = '', views = ''] = rows[0] ?? []
      this.#compare('events', events)
      this.#compare('views', views)
    } catch {
      // Whoever reads now meets the same error, and can tell somebody: but once, not with every look.
      if (this.#seen.size > 0) this.#tell('events')
      this.#seen.clear()
    }
    this.#isLooking = !this.#isClosed && !this.#isNobodyListening()
    if (!this.#isLooking) return
    const pause = this.#line.isOpen ? interval : intervalWithoutLine
    this.#timer = setTimeout(() => void this.#look(), pause).unref()
  }

  #compare(kind: Kind, found: string): void {
    const seen = this.#seen.get(kind)
    this.#seen.set(kind, found)
    if (seen !== found) this.#tell(kind)
  }
}
