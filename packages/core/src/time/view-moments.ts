import { jsonCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { describeMoment, type Moment } from '../message/moment.ts'
import { memoryStore } from '../log/memory/store.ts'
import { mainBranch } from '../log/port.ts'
import type { RunnerParts } from '../process/runner.ts'
import { LiveView } from '../view/live.ts'
import type { ViewReader } from '../view/reader.ts'
import { StoredViewReader } from '../view/stored-reader.ts'
import type { View } from '../view/view.ts'

/** Bytes of documents of one view as of one moment, and of all that are kept. */
const largest = 64 * 1024 * 1024
const mostBytes = 128 * 1024 * 1024
const mostKept = 16

interface Kept {
  readonly reader: ViewReader<unknown>
  readonly bytes: number
}

/**
 * Views as they were as of moments, wholly, to be filtered, sorted and paged: folded into memory when somebody asks, and
 * kept for a while, as who asked for a page often asks for the next.
 */
export class ViewMoments {
  readonly #parts: RunnerParts
  readonly #kept = new Map<string, Promise<Kept>>()
  /** They are folded one after the other, so that memory holds no more than one beside what is kept. */
  #folding: Promise<unknown> = Promise.resolve()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** @throws HeadwaterError `time.too-large` */
  async reader(view: View, tenant: string, at: Moment): Promise<ViewReader<unknown>> {
    const { store } = this.#parts
    // What occurred by a time may be recorded later.
    const position = typeof at === 'number' ? at : (await store.log.head(mainBranch)).position
    const id = JSON.stringify([view.name, tenant, position, typeof at === 'number' ? null : at.getTime()])
    const kept = this.#kept.get(id) ?? this.#begin(id, () => this.#fold(view, tenant, at, position))
    // The last one that was asked for stands last.
    this.#kept.delete(id)
    this.#kept.set(id, kept)
    const { reader } = await kept
    await this.#trim()
    return reader
  }

  #begin(id: string, fold: () => Promise<Kept>): Promise<Kept> {
    const kept = this.#folding.then(fold)
    this.#folding = kept.catch(() => this.#kept.delete(id))
    return kept
  }

  async #fold(view: View, tenant: string, at: Moment, position: number): Promise<Kept> {
    const memory = memoryStore()
    const collection = `${view.name}@past`
    // What can't be folded is known from the view itself.
    const parts = { ...this.#parts, onError: () => undefined }
    let bytes = 0
    const live = new LiveView(view, collection, memory, parts, {
      position,
      time: typeof at === 'number' ? undefined : at.getTime(),
      tenant,
      onSize: (size) => {
        bytes = size
        if (size <= largest) return
        const what = `The documents of view ${view.name} as of ${describeMoment(at)}`
        throw new HeadwaterError('time.too-large', `${what} are more than ${largest / 1024 / 1024} MiB`)
      },
    })
    await live.catchUp()
    const source = {
      collection: () => collection,
      reach: async () => undefined,
      refresh: async () => undefined,
    }
    return { reader: new StoredViewReader(view, source, memory.documents, jsonCodec), bytes }
  }

  async #trim(): Promise<void> {
    let bytes = 0
    for (const [index, [id, kept]] of [...this.#kept].toReversed().entries()) {
      bytes += (await kept.catch(() => ({ bytes: 0 }))).bytes
      if (index > 0 && (bytes > mostBytes || index >= mostKept)) this.#kept.delete(id)
    }
  }
}
