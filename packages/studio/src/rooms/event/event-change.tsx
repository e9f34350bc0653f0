import type { Envelope } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { equal } from '../streams/changes.ts'
import { StateDifference } from '../streams/state-difference.tsx'

/** What an event changed in the state of its stream. */
export function EventChange({ event: { stream, revision, type } }: { event: Envelope }) {
  const { data, error, isError } = useQuery({
    queryKey: ['change', stream, revision],
    queryFn: ({ signal }) => client.history(stream, { after: revision - 1, limit: 1, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const after = data?.items[0]?.state
  return (
    <Section
      title="What it changed"
      extra={
        <Link href={paths.stream(stream, revision)} className="reference">
          {stream}
        </Link>
      }
    >
      <div className="section-body">
        {isError ? (
          <Failure error={error} />
        ) : !data ? (
          <Loading rows={4} />
        ) : equal(data.initial, after) ? (
          <p className="soft">{type} changed nothing in the state.</p>
        ) : (
          <StateDifference before={data.initial} after={after} />
        )}
      </div>
    </Section>
  )
}
