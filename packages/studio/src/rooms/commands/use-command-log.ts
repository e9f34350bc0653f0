import type { LoggedCommand } from '@headwater/client'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../data/client.ts'
import { newestSequence } from '../../data/command-log.ts'

const pageSize = 100

/** The command log from its end backwards, and what has been decided since. */
export function useCommandLog() {
  const queries = useQueryClient()
  const end = useQuery({
    queryKey: ['commands', 'end'],
    queryFn: ({ signal }) => newestSequence(client, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const start = end.data ?? 0

  // A page of the past never changes: only what came after the end, as it was found first, is asked for again.
  const past = useInfiniteQuery({
    queryKey: ['commands', 'past', start],
    initialPageParam: start,
    enabled: end.isSuccess,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ pageParam, signal }) => {
      const after = Math.max(0, pageParam - pageSize)
      const { commands } = await client.commands({ after, limit: Math.max(1, pageParam - after), signal })
      return { after, commands: commands.filter(({ sequence }) => sequence <= pageParam) }
    },
    getNextPageParam: ({ after }) => (after > 0 ? after : undefined),
  })
  const since = useQuery({
    queryKey: ['commands', 'since', start],
    enabled: end.isSuccess,
    refetchInterval: 1_000,
    queryFn: async ({ signal, queryKey }) => {
      const known = queries.getQueryData<readonly LoggedCommand[]>(queryKey) ?? []
      const { commands } = await client.commands({
        after: known.at(-1)?.sequence ?? start,
        limit: 500,
        signal,
      })
      return commands.length === 0 ? known : [...known, ...commands].slice(-2_000)
    },
  })

  const older = past.data?.pages.flatMap(({ commands }) => commands.toReversed()) ?? []
  return {
    commands: [...(since.data?.toReversed() ?? []), ...older],
    isReady: past.isSuccess,
    error: end.error ?? past.error,
    hasOlder: past.hasNextPage,
    isLoadingOlder: past.isFetchingNextPage,
    loadOlder: () => void past.fetchNextPage(),
  }
}
