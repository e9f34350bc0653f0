import type { Envelope } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { changeQuery } from '../../data/queries.ts'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { equal } from '../streams/changes.ts'
import { StateDifference } from '../streams/state-difference.tsx'
import { AmendedNote } from './amended-note.tsx'

/** What an event changed in the state of its stream, as it counts. */
export function EventChange({ event }: { event: Envelope }) {
  const { stream, revision, type } = event
  const { data, error, isError } = useQuery(changeQuery(event))
  const amended = data?.event?.amended
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
        {amended && <AmendedNote amended={amended} />}
        {isError ? (
          <Failure error={error} />
        ) : !data ? (
          <Loading rows={4} />
        ) : equal(data.before, data.after) ? (
          <p className="soft">{type} changed nothing in the state.</p>
        ) : (
          <StateDifference before={data.before} after={data.after} />
        )}
      </div>
    </Section>
  )
}
