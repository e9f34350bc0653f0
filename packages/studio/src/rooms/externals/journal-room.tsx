import type { ExternalCall } from '@headwater/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import { paths } from '../../data/paths.ts'
import { externalCallQuery, externalCallsQuery } from '../../data/queries.ts'
import { count, whole } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Copy } from '../../ui/copy.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Summary } from '../../ui/summary.tsx'
import { Ago } from '../../ui/time.tsx'
import { CallerLink } from './caller-link.tsx'
import '../../ui/table.css'
import './externals.css'

const statuses = ['all', 'answered', 'failed', 'intended'] as const
const tones: Record<ExternalCall['status'], Tone> = {
  answered: 'good',
  failed: 'bad',
  intended: 'accent',
  blocked: 'warn',
}

/** The journal of an external: each call with who made it and what it was answered, the last one first. */
export function JournalRoom({ name }: { name: string }) {
  const [address, setAddress] = useSearchParams()
  const status = statuses.find((known) => known === address.get('status')) ?? 'all'
  const journal = useInfiniteQuery(externalCallsQuery(name, status === 'all' ? undefined : status))
  const calls = journal.data?.pages.flat() ?? []
  const chosen = Number(address.get('call') ?? 0)
  const go = (parts: Record<string, string>) =>
    setAddress({ ...(status !== 'all' && { status }), ...parts }, { replace: true })
  return (
    <Page
      name={name}
      about={
        <>
          The journal of an{' '}
          <Link href={paths.externals} className="reference">
            external
          </Link>
          : what was asked, and what it answered
        </>
      }
    >
      <div className="filter-bar">
        <div className="tabs" role="radiogroup" aria-label="What came of it">
          {statuses.map((one) => (
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={status === one}
              onClick={() => setAddress(one === 'all' ? {} : { status: one }, { replace: true })}
            >
              {one}
            </button>
          ))}
        </div>
        <span className="faint number filter-note">
          {journal.isSuccess && `${count(calls.length, 'call')} read so far`}
        </span>
      </div>
      {journal.isError && !journal.data ? (
        <Failure error={journal.error} retry={() => void journal.refetch()} />
      ) : !journal.isSuccess ? (
        <Loading rows={12} />
      ) : calls.length === 0 ? (
        <Empty title={status === 'all' ? 'It was not called yet' : 'None of these'} />
      ) : (
        <div className="journal">
          <div className="scroll">
            <CallTable calls={calls} chosen={chosen} choose={(sequence) => go({ call: String(sequence) })} />
            {journal.hasNextPage && (
              <div className="journal-older">
                <Button disabled={journal.isFetchingNextPage} onClick={() => void journal.fetchNextPage()}>
                  Read older calls
                </Button>
              </div>
            )}
          </div>
          {chosen > 0 && <CallPane external={name} sequence={chosen} close={() => go({})} />}
        </div>
      )}
    </Page>
  )
}

interface CallTableProps {
  readonly calls: readonly ExternalCall[]
  readonly chosen: number
  readonly choose: (sequence: number) => void
}

function CallTable({ calls, chosen, choose }: CallTableProps) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Call</th>
          <th>When</th>
          <th>By</th>
          <th>Came to</th>
          <th>Request</th>
          <th>Answer</th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <tr key={call.sequence} aria-selected={call.sequence === chosen}>
            <td>
              <button type="button" className="reference number" onClick={() => choose(call.sequence)}>
                #{whole(call.sequence)}
              </button>
            </td>
            <td>
              <Ago at={call.intendedAt} />
            </td>
            <td>
              <CallerLink caller={call.caller} />
            </td>
            <td>
              <Badge tone={tones[call.status]}>{call.status}</Badge>
            </td>
            <td>
              <Payload value={call.request} size={call.requestSize} />
            </td>
            <td>
              {call.error ? call.error.message : <Payload value={call.answer} size={call.answerSize} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What is long is left out of lists. */
function Payload({ value, size }: { value: unknown; size: number }) {
  if (value === undefined && size > 0) return <span className="faint">{count(size, 'character')}</span>
  return <Summary data={value ?? undefined} without={undefined} />
}

interface CallPaneProps {
  readonly external: string
  readonly sequence: number
  readonly close: () => void
}

/** A call with all that is journaled of it. */
function CallPane({ external, sequence, close }: CallPaneProps) {
  const { data, error, isError } = useQuery(externalCallQuery(external, sequence))
  if (isError && !data) return <Failure error={error} />
  if (!data) return <Loading rows={6} />
  return (
    <aside className="journal-call scroll" aria-label={`Call ${sequence}`}>
      <header>
        <h3>
          #{whole(sequence)} <Badge tone={tones[data.status]}>{data.status}</Badge>
        </h3>
        <Button icon="close" look="quiet" aria-label="Close" onClick={close} />
      </header>
      <p className="soft">
        For <CallerLink caller={data.caller} />
        {data.number > 1 && `, its call ${whole(data.number)} with this request`}, after{' '}
        {count(data.attempts, 'attempt')}. Intended {fullTime(data.intendedAt)}
        {data.settledAt === null ? '; nothing has come of it yet.' : `, settled ${fullTime(data.settledAt)}.`}
      </p>
      <h4>Request</h4>
      <JsonTree value={data.request} />
      {data.error ? (
        <>
          <h4>Failure</h4>
          <p className="journal-error">
            {data.error.message} <code>{data.error.code}</code>
          </p>
        </>
      ) : (
        data.status === 'answered' && (
          <>
            <h4>Answer</h4>
            <JsonTree value={data.answer} />
          </>
        )
      )}
      <h4>Idempotency key</h4>
      <p className="mono">
        {data.idempotencyKey} <Copy text={data.idempotencyKey} what="the key" />
      </p>
    </aside>
  )
}
