import type { BlockedCall, ExternalSummary } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { externalsQuery } from '../../data/queries.ts'
import { whole } from '../../format/number.ts'
import { duration } from '../../format/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { CallerLink } from './caller-link.tsx'
import '../../ui/table.css'
import './externals.css'

/** What is called in the world outside, how that goes, and what was held back. */
export function ExternalsRoom() {
  const { data, error, isError, refetch } = useQuery(externalsQuery)
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page name="Externals" about="What is called in the world outside, and what became of it in this process">
      {!data ? (
        <Loading />
      ) : data.externals.length === 0 ? (
        <Empty title="Nothing is called outside">
          An external wraps a call to the outside: its answers are journaled, and a replay makes none.
        </Empty>
      ) : (
        <div className="externals-room scroll">
          <table className="table">
            <thead>
              <tr>
                <th>External</th>
                <th>Reach</th>
                <th className="right">Answered</th>
                <th className="right">Failed</th>
                <th className="right">Replayed</th>
                <th className="right">Blocked</th>
                <th className="right">Under way</th>
                <th className="right">Takes</th>
                <th>About</th>
              </tr>
            </thead>
            <tbody>
              {data.externals.map((external) => (
                <Row key={external.name} external={external} />
              ))}
            </tbody>
          </table>
          {data.blocked.length > 0 && <Blocked calls={data.blocked} />}
        </div>
      )}
    </Page>
  )
}

function Row({ external: { name, description, mode, counts } }: { external: ExternalSummary }) {
  const { answered, failed, replayed, blocked, underway, milliseconds } = counts
  const calls = answered + failed
  return (
    <tr>
      <td>
        <Link href={paths.external(name)} className="reference">
          {name}
        </Link>
      </td>
      <td>
        <Badge tone={mode === 'live' ? 'good' : 'warn'}>{mode}</Badge>
      </td>
      <td className="right number">{whole(answered)}</td>
      <td className="right number">{failed > 0 ? <Badge tone="bad">{whole(failed)}</Badge> : '0'}</td>
      <td className="right number">{whole(replayed)}</td>
      <td className="right number">{blocked > 0 ? <Badge tone="warn">{whole(blocked)}</Badge> : '0'}</td>
      <td className="right number">{whole(underway)}</td>
      <td className="right number">{calls === 0 ? '–' : duration(milliseconds / calls / 1_000)}</td>
      <td className="soft">{description}</td>
    </tr>
  )
}

/** Calls that were not made: by a replay, or because this process may not reach out. */
function Blocked({ calls }: { calls: readonly BlockedCall[] }) {
  return (
    <Section title="Held back" extra={<span className="faint">the last {whole(calls.length)}</span>}>
      <table className="table">
        <thead>
          <tr>
            <th>When</th>
            <th>External</th>
            <th>For</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {calls.map(({ external, caller, why, at }, index) => (
            <tr key={`${at} ${caller.id} ${index}`}>
              <td>
                <Ago at={at} />
              </td>
              <td>{external}</td>
              <td>
                <CallerLink caller={caller} />
              </td>
              <td className="wrap soft">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
