import { HeadwaterError } from '../message/errors.ts'
import { jsonCodec, type PayloadCodec } from '../message/codec.ts'
import type { LogFeed } from '../log/feed.ts'
import { memoryStore } from '../log/memory/store.ts'
import type { Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { ProcessorRunner } from '../process/runner.ts'
import { LiveView } from '../view/live.ts'
import type { ViewReader, ViewSummary } from '../view/reader.ts'
import { StoredViewReader } from '../view/stored-reader.ts'
import type { View } from '../view/view.ts'

/** The collection that holds a view's documents. */
export function collectionOf(view: View): string {
  return `${view.name}@1`
}

interface OpenView {
  readonly view: View
  readonly reader: ViewReader<unknown>
  readonly position: () => Promise<{ position: number; seconds: number }>
}

/** The readers of all views, whatever their lifecycle. */
export class Views {
  readonly #views = new Map<string, OpenView>()
  readonly #feed: LogFeed

  constructor(
    views: readonly View[],
    processors: readonly ProcessorRunner[],
    store: Store,
    codec: PayloadCodec,
    feed: LogFeed,
    onError: ErrorHook,
  ) {
    this.#feed = feed
    for (const view of views) {
      const processor = processors.find(({ name }) => name === view.name)
      this.#views.set(view.name, openView(view, processor, store, codec, feed, onError))
    }
  }

  /** @throws HeadwaterError `view.unknown` */
  reader(name: string): ViewReader<unknown> {
    const known = this.#views.get(name)
    if (known === undefined)
      throw new HeadwaterError('view.unknown', `There is no view named ${name}`, { details: { view: name } })
    return known.reader
  }

  summaries(): Promise<readonly ViewSummary[]> {
    return Promise.all(
      [...this.#views.values()].map(async ({ view, position: readPosition }) => {
        const { position, seconds } = await readPosition()
        return {
          name: view.name,
          lifecycle: view.lifecycle,
          events: view.events.map(({ type }) => type),
          indexes: view.indexes,
          position,
          lag: { events: Math.max(0, this.#feed.head - position), seconds },
        }
      }),
    )
  }
}

function openView(
  view: View,
  processor: ProcessorRunner | undefined,
  store: Store,
  codec: PayloadCodec,
  feed: LogFeed,
  onError: ErrorHook,
): OpenView {
  const collection = collectionOf(view)
  const atHead = async () => ({ position: feed.head, seconds: 0 })
  if (view.lifecycle === 'live') {
    const memory = memoryStore()
    const live = new LiveView(view, collection, memory, feed, onError)
    const reader = new StoredViewReader(view, collection, memory.documents, jsonCodec, () => live.catchUp())
    return { view, reader, position: atHead }
  }
  if (processor === undefined) {
    return {
      view,
      reader: new StoredViewReader(view, collection, store.documents, codec, async () => undefined),
      position: atHead,
    }
  }
  const reader = new StoredViewReader(view, collection, store.documents, codec, (position, options) =>
    processor.waitFor(position, options),
  )
  const position = async () => {
    const summary = await processor.summary()
    return { position: summary.position, seconds: summary.lag.seconds }
  }
  return { view, reader, position }
}
