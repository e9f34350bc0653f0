import {
  memoryStore,
  type AppendRequest,
  type Store,
  type ViewDocumentWrite,
  type ViewStore,
} from '@headwater/core'
import { replaced } from '../replaced.ts'

/**
 * A store in memory whose documents lie in a store of views, so that what holds of documents can be asked of them there.
 * An append of documents commits them.
 */
export function storeOver(views: ViewStore): Store {
  const { log, close, ...rest } = memoryStore()
  const writer = new Writer(views)
  const withVersion = <Row extends object>(row: Row) => ({ ...row, version: 0 })
  return {
    ...rest,
    name: views.name,
    documents: {
      define: (...parameters) => views.define(...parameters),
      drop: (collection) => views.drop(collection),
      get: async (...parameters) => (await views.get(...parameters)).map((row) => row && withVersion(row)),
      list: async (query) => {
        const { items, next } = await views.list(query)
        return { items: items.map(withVersion), next }
      },
      count: (...parameters) => views.count(...parameters),
    },
    log: replaced(log, {
      append: async (requests) => {
        for (const request of requests) await writer.write(request)
        return log.append(requests.map((request) => ({ ...request, documents: [] })))
      },
    }),
    close: async () => {
      await Promise.all([close(), views.close()])
    },
  }
}

class Writer {
  readonly #views: ViewStore

  constructor(views: ViewStore) {
    this.#views = views
  }

  async write({ documents }: AppendRequest): Promise<void> {
    const places = new Map<string, { collection: string; branch: number; writes: ViewDocumentWrite[] }>()
    for (const { collection, branch, tenant, key, document, position = 1, words } of documents) {
      const place = `${collection} ${branch}`
      const known = places.get(place) ?? { collection, branch, writes: [] }
      known.writes.push({ tenant, key, document, position, ...(words !== undefined && { words }) })
      places.set(place, known)
    }
    for (const { collection, branch, writes } of places.values()) {
      const from = (await this.#views.position(collection, branch))?.position
      const checkpoint = { epoch: 'epoch', position: (from ?? 0) + 1, eventId: 'event' }
      await this.#views.commit({ collection, branch, from, checkpoint, token: 1, documents: writes })
    }
  }
}
