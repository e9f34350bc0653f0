import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import { changeQuery, eventQuery, traceQuery } from '../../data/queries.ts'
import { paths } from '../../data/paths.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { count } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { useKeys } from '../../ui/keys.ts'
import { StreamLink, TypeName } from '../../ui/links.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { AmendButtons } from './amend-buttons.tsx'
import { CauseGraph } from './cause-graph.tsx'
import { EnvelopeTable } from './envelope-table.tsx'
import { EventChange } from './event-change.tsx'
import { EventProcessing } from './event-processing.tsx'
import './event-room.css'

const nothing = { id: '', stream: '', revision: 0 }

/** One event: what it says, what it came of, and what came of it. */
export function EventRoom({ id }: { id: string }) {
  const [, navigate] = useLocation()
  const event = useQuery(eventQuery(id))
  const trace = useQuery(traceQuery(id))
  const { data } = event
  const counting = useQuery({ ...changeQuery(data ?? nothing), enabled: data !== undefined })
  // What it leads to may still be under way.
  useLiveRefresh(
    (other) => other.correlationId !== null && other.correlationId === data?.correlationId,
    () => void trace.refetch(),
  )
  useKeys({ s: () => data && navigate(paths.stream(data.stream, data.revision)) })

  if (event.isError) return <Failure error={event.error} retry={() => void event.refetch()} />
  return (
    <Page
      name={data?.type ?? 'Event'}
      title={data ? <TypeName type={data.type} stream={data.stream} /> : 'Event'}
      about={
        data ? (
          <>
            Revision {data.revision} of <StreamLink stream={data.stream} />, recorded{' '}
            <Ago at={data.recordedAt} />
          </>
        ) : (
          id
        )
      }
      actions={
        data && (
          <>
            <AmendButtons event={counting.data?.event ?? data} amended={counting.data?.event?.amended} />
            <Link href={paths.stream(data.stream, data.revision)} asChild>
              <Button icon="stream" title="See the stream's state after this event (s)">
                State after it
              </Button>
            </Link>
          </>
        )
      }
    >
      <div className="event-room scroll">
        <Section
          title="Causes and effects"
          extra={
            trace.data && (
              <span className="faint number">
                {count(trace.data.commands.length, 'command')}, {count(trace.data.events.length, 'event')}
              </span>
            )
          }
        >
          {trace.data ? (
            <CauseGraph trace={trace.data} focus={id} />
          ) : trace.isError ? (
            <Failure error={trace.error} retry={() => void trace.refetch()} />
          ) : (
            <Loading rows={4} />
          )}
        </Section>
        {data && <EventProcessing event={data} />}
        <div className="event-parts">
          <Section title="Data">
            <div className="section-body">{data ? <JsonTree value={data.data} /> : <Loading rows={5} />}</div>
          </Section>
          {data && <EventChange event={data} />}
          <Section title="Envelope">
            <div className="section-body">{data ? <EnvelopeTable event={data} /> : <Loading rows={5} />}</div>
          </Section>
        </div>
      </div>
    </Page>
  )
}
