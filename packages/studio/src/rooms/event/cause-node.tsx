import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { paths } from '../../data/paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { nodeSize, type PlacedCause } from './cause-tree.ts'

export function CauseNode({ node, focused }: { node: PlacedCause; focused: boolean }) {
  const { hueOf } = useCatalog()
  const { command, event, id } = node.cause
  const stream = event?.stream ?? command?.stream ?? ''
  const rejected = command?.status === 'rejected'
  const kind = command ? 'command' : 'event'
  return (
    <Link
      href={command ? paths.command(id) : paths.event(id)}
      data-id={id}
      className={`cause-node tinted ${kind} ${rejected ? 'rejected' : ''}`}
      aria-current={focused ? 'true' : undefined}
      title={`${kind} ${id}`}
      style={{
        '--hue': hueOf(aggregateOf(stream)),
        width: nodeSize.width,
        height: nodeSize.height,
        transform: `translate(${node.x}px, ${node.y}px)`,
      }}
    >
      <span className="cause-type">
        {command ? <Icon name={rejected ? 'close' : 'command'} size={13} /> : <span className="cause-drop" />}
        <span className="cut">{command?.type ?? event?.type}</span>
      </span>
      <span className="cause-note cut">
        {rejected ? <span className="cause-reason">rejected: {command.reason?.code}</span> : note(node)}
      </span>
    </Link>
  )
}

function note({ cause: { command, event } }: PlacedCause) {
  if (event) return <span className="mono">{event.stream}</span>
  return <>by {command?.actor ?? 'nobody known'}</>
}
