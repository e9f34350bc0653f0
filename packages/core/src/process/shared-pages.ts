import type { FeedPage } from '../log/feed.ts'

const mostPages = 32

/** Pages of old events that the partitions of a processor read one after the other: read and decoded once. */
export class SharedPages {
  readonly #read: (after: number) => Promise<FeedPage>
  readonly #pages = new Map<number, Promise<FeedPage>>()

  constructor(read: (after: number) => Promise<FeedPage>) {
    this.#read = read
  }

  read(after: number): Promise<FeedPage> {
    const known = this.#pages.get(after)
    if (known !== undefined) return known
    const page = this.#read(after)
    this.#pages.set(after, page)
    page.then(
      // What ends at the head of the log is another page soon.
      ({ scannedTo, head }) => scannedTo >= head && this.#pages.delete(after),
      () => this.#pages.delete(after),
    )
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= mostPages) break
      this.#pages.delete(oldest)
    }
    return page
  }

  clear(): void {
    this.#pages.clear()
  }
}
