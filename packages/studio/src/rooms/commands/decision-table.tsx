import type { LoggedCommand, TracedCommand } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { whole } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Copy } from '../../ui/copy.tsx'
import { CauseLink, CommandLink } from '../../ui/links.tsx'
import { Outcome } from './command-table.tsx'
import '../event/envelope-table.css'

/** Who asked, when it was decided, on what it was decided, and with which outcome. */
export function DecisionTable({ command, row }: { command: TracedCommand; row: LoggedCommand | undefined }) {
  return (
    <dl className="envelope">
      <div>
        <dt>Id</dt>
        <dd>
          <CommandLink id={command.id} /> <Copy text={command.id} what="the command's id" />
        </dd>
      </div>
      <div>
        <dt>Outcome</dt>
        <dd>{row ? <Outcome command={row} /> : command.status}</dd>
      </div>
      <div>
        <dt>Decided</dt>
        <dd className="number">{fullTime(command.decidedAt)}</dd>
      </div>
      <div>
        <dt>Actor</dt>
        <dd>{command.actor ?? <span className="faint">none</span>}</dd>
      </div>
      <div>
        <dt>Caused by</dt>
        <dd>
          {command.causationId ? (
            <CauseLink id={command.causationId} />
          ) : (
            <span className="faint">a request</span>
          )}
        </dd>
      </div>
      <div>
        <dt>Correlation</dt>
        <dd>
          {command.correlationId ? (
            <CommandLink id={command.correlationId} />
          ) : (
            <span className="faint">none</span>
          )}
        </dd>
      </div>
      {row && (
        <div>
          <dt>It read</dt>
          <dd>
            {(row.reads.streams ?? []).map(([stream, revision]) => (
              <Link key={stream} href={paths.stream(stream, revision || undefined)} className="reference">
                {stream} at {whole(revision)}
              </Link>
            ))}
          </dd>
        </div>
      )}
      {row?.reads.rules && row.reads.rules.length > 0 && (
        <div>
          <dt>Rules</dt>
          <dd>
            {row.reads.rules.map(([rule, from, fingerprint]) => (
              <span key={`${rule} ${from}`} title={`Its value’s fingerprint: ${fingerprint}`}>
                <span className="mono">{rule}</span>{' '}
                <span className="faint">{from === null ? 'as ever' : `from ${from}`}</span>
              </span>
            ))}
          </dd>
        </div>
      )}
      {row?.reads.externals && (
        <div>
          <dt>Answers</dt>
          <dd>
            {row.reads.externals.map(([external, call]) => (
              <Link key={call} href={paths.external(external, call)} className="reference">
                {external} #{whole(call)}
              </Link>
            ))}
          </dd>
        </div>
      )}
      {row && (
        <div>
          <dt>Sequence</dt>
          <dd className="number">{whole(row.sequence)}</dd>
        </div>
      )}
    </dl>
  )
}
