import type { Trace } from '@headwater/client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { count } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { CauseNode } from './cause-node.tsx'
import { causeTrees, lineageOf, nodeSize, type PlacedCause, placed, pruned } from './cause-tree.ts'
import './cause-graph.css'

/** More than this is no picture any more. */
const manyNodes = 80

/** Commands and events from left to right, as one led to the other. */
export function CauseGraph({ trace, focus }: { trace: Trace; focus: string }) {
  const [whole, setWhole] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const total = trace.commands.length + trace.events.length
  const cut = total > manyNodes && !whole
  const { picture, lineage } = useMemo(() => {
    const roots = causeTrees(trace)
    const lineage = lineageOf(roots, focus)
    return { lineage, picture: placed(cut ? pruned(roots, lineage) : roots) }
  }, [trace, focus, cut])

  useEffect(() => {
    const node = scroller.current?.querySelector(`[data-id="${CSS.escape(focus)}"]`)
    if (node && picture.nodes.length > 0) node.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [focus, picture])

  return (
    <div ref={scroller} className="cause-graph scroll">
      <div className="cause-canvas" style={{ width: picture.width, height: picture.height }}>
        <svg width={picture.width} height={picture.height} aria-hidden="true">
          {picture.nodes.map((node) => (
            <Rill key={node.cause.id} node={node} strong={lineage.has(node.cause.id)} />
          ))}
        </svg>
        {picture.nodes.map((node) => (
          <CauseNode key={node.cause.id} node={node} focused={node.cause.id === focus} />
        ))}
      </div>
      {cut && (
        <Button className="cause-all" onClick={() => setWhole(true)}>
          Show all {count(total, 'command')} and events of this correlation
        </Button>
      )}
    </div>
  )
}

/** The line from a cause to its effect, in the colour of the stream that it flows into. */
function Rill({ node: { cause, from, x, y }, strong }: { node: PlacedCause; strong: boolean }) {
  const { hueOf } = useCatalog()
  if (!from) return null
  const middle = nodeSize.height / 2
  const [x1, y1, x2, y2] = [from.x + nodeSize.width, from.y + middle, x, y + middle]
  const bend = (x2 - x1) / 2
  const stream = cause.event?.stream ?? cause.command?.stream ?? ''
  return (
    <path
      className={`rill tinted ${strong ? 'strong' : ''}`}
      style={{ '--hue': hueOf(aggregateOf(stream)) }}
      d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
    />
  )
}
