import type { Trace } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { client } from '../../data/client.ts'
import { findCommand } from '../../data/command-log.ts'
import { traceQuery } from '../../data/queries.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { count } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { StreamLink } from '../../ui/links.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { CauseGraph } from '../event/cause-graph.tsx'
import { DecisionTable } from './decision-table.tsx'
import '../event/event-room.css'
import './commands.css'

/** One command: what was asked, what was decided, and what came of it. A correlation's id shows its whole tree. */
export function CommandRoom({ id }: { id: string }) {
  const [search] = useSearchParams()
  const trace = useQuery(traceQuery(id))
  const command = trace.data?.commands.find((one) => one.id === id)
  const row = useQuery({
    queryKey: ['command', id],
    enabled: command !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const sequence = Number(search.get('sequence') ?? 0)
      const page = sequence > 0 ? await client.commands({ after: sequence - 1, limit: 1, signal }) : undefined
      const known = page?.commands.find((one) => one.id === id)
      return known ?? (await findCommand(client, id, command?.decidedAt ?? '', signal)) ?? null
    },
  })
  useLiveRefresh(
    (event) => event.correlationId !== null && event.correlationId === trace.data?.correlationId,
    () => void trace.refetch(),
  )

  if (trace.isError && !trace.data) return <Failure error={trace.error} retry={() => void trace.refetch()} />
  return (
    <Page
      name={command?.type ?? (trace.data ? 'Correlation' : 'Command')}
      about={command ? <About command={command} /> : <span className="mono">{id}</span>}
      actions={
        command && <Badge tone={command.status === 'rejected' ? 'bad' : 'good'}>{command.status}</Badge>
      }
    >
      <div className="event-room scroll">
        {command?.status === 'rejected' && (
          <div className="command-verdict">
            <b>{command.reason?.message ?? 'The domain decided against it.'}</b>
            <code>{command.reason?.code}</code>
          </div>
        )}
        <Section title="Causes and effects" extra={trace.data && <Sizes trace={trace.data} />}>
          {trace.data ? <CauseGraph trace={trace.data} focus={id} /> : <Loading rows={4} />}
        </Section>
        {command && (
          <div className="event-parts two">
            <Section title="Payload">
              <div className="section-body">
                {row.data ? (
                  <JsonTree value={row.data.payload} />
                ) : row.isError ? (
                  <Failure error={row.error} retry={() => void row.refetch()} />
                ) : row.data === null ? (
                  <p className="soft">Its row was not found in the command log.</p>
                ) : (
                  <Loading rows={4} />
                )}
              </div>
            </Section>
            <Section title="Decision">
              <div className="section-body">
                <DecisionTable command={command} row={row.data ?? undefined} />
              </div>
            </Section>
          </div>
        )}
      </div>
    </Page>
  )
}

function About({ command }: { command: Trace['commands'][number] }) {
  return (
    <>
      {command.stream && (
        <>
          To <StreamLink stream={command.stream} />,{' '}
        </>
      )}
      decided <Ago at={command.decidedAt} />
    </>
  )
}

function Sizes({ trace }: { trace: Trace }) {
  return (
    <span className="faint number">
      {count(trace.commands.length, 'command')}, {count(trace.events.length, 'event')}
    </span>
  )
}
