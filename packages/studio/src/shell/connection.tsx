import { useLive } from '../data/use-live.ts'
import { whole } from '../format/number.ts'

const words = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  closed: 'Closed',
}

/** Whether Studio hears the log, and how far it has heard. */
export function Connection() {
  const { state, head } = useLive()
  return (
    <div className={`connection ${state}`} role="status">
      <span className="connection-dot" />
      <span className="connection-word">{words[state]}</span>
      <span className="connection-head number" title="The position of the newest event">
        {whole(head)}
      </span>
    </div>
  )
}
