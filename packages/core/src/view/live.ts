import { jsonCodec } from '../message/codec.ts'
import type { LogFeed } from '../log/feed.ts'
import type { Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import { ViewWork } from './view-work.ts'
import type { View } from './view.ts'

const pageSize = 1_000

/** A view that is folded when it is read, into memory, from where the last read left it. */
export class LiveView {
  readonly #work: ViewWork
  readonly #name: string
  readonly #collection: string
  readonly #memory: Store
  readonly #feed: LogFeed
  readonly #types: ReadonlySet<string>
  #position = 0
  #catchingUp: Promise<void> | undefined
  #isDefined = false

  /** @param memory a store that holds nothing else */
  constructor(view: View, collection: string, memory: Store, feed: LogFeed, onError: ErrorHook) {
    this.#name = view.name
    this.#collection = collection
    this.#memory = memory
    this.#feed = feed
    this.#types = new Set(view.events.map(({ type }) => type))
    this.#work = new ViewWork(view, collection, memory.documents, jsonCodec, onError)
  }

  get position(): number {
    return this.#position
  }

  /** Folds everything up to the end of the log. Concurrent readers share one pass. */
  async catchUp(): Promise<void> {
    // A pass under way may have begun before the caller's last append: only one that begins now has it for sure.
    await this.#catchingUp
    this.#catchingUp ??= this.#fold().finally(() => {
      this.#catchingUp = undefined
    })
    await this.#catchingUp
  }

  async #fold(): Promise<void> {
    const { documents, leases, progress } = this.#memory
    const lease = await leases.acquire(this.#name, 'reader', 3_600_000)
    if (lease === undefined) return
    if (!this.#isDefined) await documents.define(this.#collection, [])
    this.#isDefined = true
    const head = this.#feed.head
    while (this.#position < head) {
      const page = await this.#feed.read({
        after: this.#position,
        limit: pageSize,
        tenant: undefined,
        types: this.#types,
        query: undefined,
      })
      if (page.events.length > 0) {
        await this.#work.process(page.events)
        const { documents: changed, park } = this.#work.collect()
        await progress.commit({
          processor: this.#name,
          branch: 0,
          lease,
          checkpoint: undefined,
          documents: changed,
          park,
          unpark: [],
        })
        // A long history is folded in slices, so that others get their turn.
        await new Promise(setImmediate)
      }
      this.#position = page.scannedTo
    }
  }
}
