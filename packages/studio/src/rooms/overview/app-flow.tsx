import type { Catalog, Envelope } from '@headwater/client'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import type { Reaction } from '../../data/reactions.ts'
import { whole } from '../../format/number.ts'
import { connectedTo, type FlowEdge, type FlowNode, flowOf, flowSize } from './flow-layout.ts'
import './app-flow.css'

interface AppFlowProps {
  readonly catalog: Catalog
  /** The events of the last while, to show what is flowing. */
  readonly recent: readonly Envelope[]
  readonly reactions: readonly Reaction[]
}

/** The application drawn from its code: what is asked, what decides, what is recorded, and what reacts to it. */
export function AppFlow({ catalog, recent, reactions }: AppFlowProps) {
  const flow = useMemo(() => flowOf(catalog, reactions), [catalog, reactions])
  const [pointed, setPointed] = useState<string>()
  const connected = useMemo(() => (pointed ? connectedTo(pointed, flow.edges) : undefined), [pointed, flow])
  const counts = new Map<string, number>()
  for (const { type } of recent) counts.set(type, (counts.get(type) ?? 0) + 1)

  return (
    <div className="app-flow scroll">
      <div className="app-flow-canvas" style={{ width: flow.width, height: flow.height }}>
        {flow.bands.map(({ name, y, height }) => (
          <div key={name} className="flow-band" style={{ top: y, height }}>
            <span>{name}</span>
          </div>
        ))}
        <svg width={flow.width} height={flow.height} aria-hidden="true">
          {flow.edges.map((edge) => (
            <FlowLine
              key={`${edge.from.id} ${edge.to.id}`}
              edge={edge}
              look={
                !connected ? '' : connected.has(edge.from.id) && connected.has(edge.to.id) ? 'strong' : 'weak'
              }
            />
          ))}
        </svg>
        {flow.nodes.map((node) => (
          <FlowBox
            key={node.id}
            node={node}
            count={node.kind === 'event' ? counts.get(node.name) : undefined}
            sends={node.kind === 'subscription' ? sentBy(node.name, reactions) : ''}
            weak={connected !== undefined && !connected.has(node.id)}
            onPoint={setPointed}
          />
        ))}
      </div>
    </div>
  )
}

function sentBy(subscription: string, reactions: readonly Reaction[]): string {
  return reactions
    .filter((reaction) => reaction.subscription === subscription)
    .map(({ command }) => command)
    .join(', ')
}

function FlowLine({ edge: { from, to, isReturn }, look }: { edge: FlowEdge; look: string }) {
  const { hueOf } = useCatalog()
  const middle = flowSize.node / 2
  const [x1, x2] = isReturn ? [from.x, to.x + to.width] : [from.x + from.width, to.x]
  const [y1, y2] = [from.y + middle, to.y + middle]
  const bend = (x2 - x1) / 2
  return (
    <path
      className={`flow-line tinted ${look} ${isReturn ? 'return' : ''}`}
      style={{ '--hue': hueOf(from.aggregate ?? to.aggregate ?? '') }}
      d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
    />
  )
}

const targets = {
  command: (name: string) => paths.send(name),
  aggregate: (name: string) => `${paths.streams}?prefix=${name}-`,
  event: (name: string) => paths.liveOf(name),
  view: (name: string) => paths.view(name),
  subscription: (name: string) => paths.processor(name),
}
const deeds = {
  command: 'Send',
  aggregate: 'Streams of',
  event: 'Live events of type',
  view: 'Documents of',
  subscription: 'Subscription',
}

interface FlowBoxProps {
  readonly node: FlowNode
  readonly count: number | undefined
  /** The commands that a subscription was seen to send. */
  readonly sends: string
  readonly weak: boolean
  readonly onPoint: (id: string | undefined) => void
}

function FlowBox({ node, count, sends, weak, onPoint }: FlowBoxProps) {
  const { id, kind, name, aggregate, x, y, width } = node
  const { hueOf } = useCatalog()
  const shared = {
    className: `flow-box tinted ${kind} ${weak ? 'weak' : ''}`,
    style: { '--hue': hueOf(aggregate ?? ''), left: x, top: y, width, height: flowSize.node },
    title: `${deeds[kind]} ${name}${sends && `, sends ${sends}`}`,
    onPointerEnter: () => onPoint(id),
    onPointerLeave: () => onPoint(undefined),
    onFocus: () => onPoint(id),
    onBlur: () => onPoint(undefined),
  }
  const inside = (
    <>
      <span className="cut">{name}</span>
      {sends && <span className="flow-sends cut">→ {sends}</span>}
      {count !== undefined && (
        <span key={count} className="flow-count number" title={`${count} in the last minute`}>
          {whole(count)}
        </span>
      )}
    </>
  )
  return (
    <Link href={targets[kind](name)} {...shared}>
      {inside}
    </Link>
  )
}
