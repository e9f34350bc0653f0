import {
  type Envelope,
  type ExternalCall,
  type ForecastOptions,
  HeadwaterProblem,
  type ListOptions,
  type MergeChoices,
  type ParkedPlace,
} from '@headwater/client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
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

export const branchesQuery = queryOptions({
  queryKey: ['branches'],
  queryFn: ({ signal }) => client.branches.list({ limit: 1_000, signal }),
  refetchInterval: 5_000,
})

export const branchQuery = (name: string) =>
  queryOptions({
    queryKey: ['branches', name],
    queryFn: ({ signal }) => client.branches.get(name, signal),
    refetchInterval: 5_000,
  })

const eventsAtOnce = 100

/** What a branch has recorded itself, in the order of the log. */
export const ownEventsQuery = (name: string, base: number) =>
  infiniteQueryOptions({
    queryKey: ['branches', name, 'events', base],
    initialPageParam: base,
    queryFn: ({ pageParam: after, signal }) => client.on(name).log({ after, limit: eventsAtOnce, signal }),
    getNextPageParam: ({ scannedTo, head }) => (scannedTo < head ? scannedTo : undefined),
    refetchInterval: 5_000,
  })

/** What differs between a branch and another history. Comparing takes a while, so it is done when it is asked for. */
export const differenceQuery = (name: string, against: string) =>
  queryOptions({
    queryKey: ['branches', name, 'differences', against],
    queryFn: ({ signal }) => client.branches.diff(name, { against, signal }),
    staleTime: 10_000,
  })

/** What merging a branch would do. */
export const mergePlanQuery = (name: string, choices: MergeChoices) =>
  queryOptions({
    queryKey: ['branches', name, 'plan', choices],
    queryFn: ({ signal }) => client.branches.plan(name, choices, signal),
  })

/** An event as it was recorded, on whichever branch. */
export const recordedQuery = (branch: string, id: string) =>
  queryOptions({
    queryKey: ['event', id, branch],
    queryFn: ({ signal }) => client.on(branch).event(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const externalsQuery = queryOptions({
  queryKey: ['externals'],
  queryFn: ({ signal }) => ofAllWithinReach((allTenants) => client.externals({ allTenants, signal })),
  refetchInterval: 2_000,
})

const callsAtOnce = 100

/** The journal of an external, from its end backwards. */
export const externalCallsQuery = (external: string, status: ExternalCall['status'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['external-calls', external, status ?? 'all'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before, signal }) =>
      client.externalCalls(external, { status, before, limit: callsAtOnce, signal }),
    getNextPageParam: (page) => (page.length < callsAtOnce ? undefined : page.at(-1)?.sequence),
    refetchInterval: 5_000,
  })

export const externalCallQuery = (external: string, sequence: number) =>
  queryOptions({
    queryKey: ['external-call', external, sequence],
    queryFn: ({ signal }) => client.externalCall(external, sequence, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'answered' ? false : 2_000),
  })

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => client.views(signal),
  // What is being rebuilt is watched.
  refetchInterval: ({ state }) => (state.data?.some(({ rebuild }) => rebuild !== null) ? 500 : 2_000),
})

export const versionsQuery = (view: string) =>
  queryOptions({
    queryKey: ['versions', view],
    queryFn: ({ signal }) => client.versions(view).list(signal),
    refetchInterval: 2_000,
  })

/** The rebuild that is under way with its errors, or the last one; null: there was none. */
export const rebuildQuery = (view: string) =>
  queryOptions({
    queryKey: ['rebuild', view],
    queryFn: async ({ signal }) => {
      try {
        return await client.versions(view).progress(signal)
      } catch (error) {
        if (error instanceof HeadwaterProblem && error.code === 'view.no-rebuild') return null
        throw error
      }
    },
    refetchInterval: ({ state }) => (state.data?.state === 'building' ? 500 : 2_000),
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

/** An event as it counts, with the states before and after it; without it, where it stands in no history. */
export const changeQuery = ({ id, stream, revision }: Pick<Envelope, 'id' | 'stream' | 'revision'>) =>
  queryOptions({
    queryKey: ['change', stream, revision],
    queryFn: async ({ signal }) => {
      // What is inserted before it may stand between.
      const { initial, items } = await client.history(stream, {
        after: Math.max(0, revision - 1),
        limit: historyWindow,
        signal,
      })
      const index = items.findIndex(({ event }) => event.id === id)
      const step = items[index]
      const before = index > 0 ? items[index - 1]?.state : initial
      return { event: step?.event, before, after: step === undefined ? before : step.state }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const documentsQuery = (view: string, options: Omit<ListOptions, 'signal'>) =>
  queryOptions({
    queryKey: ['documents', view, options],
    queryFn: ({ signal }) => client.view(view).list({ ...options, signal }),
  })

/** How a number in a view's documents is expected to go on. */
export const forecastQuery = (view: string, options: Omit<ForecastOptions, 'signal'>) =>
  queryOptions({
    queryKey: ['forecast', view, options],
    queryFn: ({ signal }) => client.view(view).forecast({ ...options, signal }),
    staleTime: 60_000,
    // Too little past stays too little.
    retry: false,
  })

export const documentQuery = (view: string, key: string) =>
  queryOptions({
    queryKey: ['document', view, key],
    queryFn: ({ signal }) => client.view(view).get(key, { signal }),
  })

export const sequencesQuery = (processor: string) =>
  queryOptions({
    queryKey: ['parked', processor, 'sequences'],
    queryFn: ({ signal }) =>
      ofAllWithinReach((allTenants) => client.processor(processor).parked.sequences({ allTenants, signal })),
    refetchInterval: 2_000,
  })

export const parkedEventQuery = (processor: string, place: ParkedPlace) =>
  queryOptions({
    queryKey: ['parked', processor, place],
    queryFn: ({ signal }) => client.processor(processor).parked.show(place, signal),
    refetchInterval: 5_000,
  })

export const resultsQuery = (processor: string) =>
  queryOptions({
    queryKey: ['parked', processor, 'results'],
    queryFn: ({ signal }) =>
      ofAllWithinReach((allTenants) => client.processor(processor).results({ allTenants, signal })),
    refetchInterval: 5_000,
  })

export const actsQuery = (processor: string) =>
  queryOptions({
    queryKey: ['parked', processor, 'acts'],
    queryFn: ({ signal }) => client.processor(processor).acts({ limit: 20, signal }),
    refetchInterval: 5_000,
  })

/** Who may reach all tenants sees those of all, others their own. */
async function ofAllWithinReach<Items>(read: (allTenants: boolean) => Promise<Items>): Promise<Items> {
  try {
    return await read(true)
  } catch (error) {
    if (error instanceof HeadwaterProblem && error.code === 'tenant.forbidden') return read(false)
    throw error
  }
}
