import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { client } from '../../data/client.ts'
import { aggregateOf } from '../../data/ids.ts'
import { paths } from '../../data/paths.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { whole } from '../../format/number.ts'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'

const pageSize = 100

/** All streams whose name starts so, page after page as one scrolls. */
export function StreamList({ prefix, current }: { prefix: string; current: string | undefined }) {
  const { hueOf } = useCatalog()
  const scroller = useRef<HTMLDivElement>(null)
  const query = useInfiniteQuery({
    queryKey: ['streams', prefix],
    queryFn: ({ pageParam, signal }) =>
      client.streams({ prefix, limit: pageSize, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
  })
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const streams = data?.pages.flatMap((page) => page.items) ?? []
  const rows = useVirtualizer({
    count: streams.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 34,
    overscan: 10,
  })
  const lastShown = rows.getVirtualItems().at(-1)?.index ?? 0

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown > streams.length - 20) void fetchNextPage()
  }, [lastShown, streams.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  // While only the first page is there it is cheap to keep it up to date; later pages change by scrolling.
  useLiveRefresh(
    ({ stream }) => stream.startsWith(prefix) && data?.pages.length === 1,
    () => void query.refetch(),
    3_000,
  )

  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!data) return <Loading rows={12} />
  if (streams.length === 0) return <Empty title="No stream starts so" />
  return (
    <div ref={scroller} className="stream-list scroll">
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = streams[index]
          if (!item) return null
          const aggregate = aggregateOf(item.stream)
          return (
            <Link
              key={item.stream}
              href={paths.stream(item.stream)}
              className="stream-row tinted"
              aria-current={item.stream === current ? 'page' : undefined}
              style={{ transform: `translateY(${start}px)`, '--hue': hueOf(aggregate) }}
            >
              <span className="stream-dot" />
              <span className="mono cut">{item.stream}</span>
              <span className="faint number">{whole(item.revision)}</span>
            </Link>
          )
        })}
      </div>
    </div>
  )
}
