import type { ListOptions } from '@headwater/client'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** What Studio reads, by name: rooms and links share one cache. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  queryFn: ({ signal }) => client.catalog(signal),
  staleTime: 60_000,
})

export const processorsQuery = queryOptions({
  queryKey: ['processors'],
  queryFn: ({ signal }) => client.processors(signal),
  refetchInterval: 2_000,
})

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => client.views(signal),
  refetchInterval: 2_000,
})

/** Events never change. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => client.event(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const traceQuery = (id: string) =>
  queryOptions({ queryKey: ['trace', id], queryFn: ({ signal }) => client.trace(id, signal) })

export const historyWindow = 200

/** The states after up to 200 events of a stream: the newest ones, or those after a revision. */
export const historyQuery = (stream: string, after: number | undefined) =>
  queryOptions({
    queryKey: ['history', stream, after ?? 'newest'],
    queryFn: async ({ signal }) => {
      const page = await client.history(stream, { after: after ?? 0, limit: historyWindow, signal })
      const newest = page.revision - historyWindow
      if (after !== undefined || newest <= 0) return page
      return client.history(stream, { after: newest, limit: historyWindow, signal })
    },
  })

export const documentsQuery = (view: string, options: Omit<ListOptions, 'signal'>) =>
  queryOptions({
    queryKey: ['documents', view, options],
    queryFn: ({ signal }) => client.view(view).list({ ...options, signal }),
  })

export const documentQuery = (view: string, key: string) =>
  queryOptions({
    queryKey: ['document', view, key],
    queryFn: ({ signal }) => client.view(view).get(key, { signal }),
  })
