import type { Trace } from '@headwater/client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useCatalog } from '../../data/catalog-context.tsx'
import { aggregateOf } from '../../data/ids.ts'
import { whole } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { cardSize, type PlacedDecision, placed } from './cause-layout.ts'
import { decisionTrees, lineageOf, pruned } from './cause-tree.ts'
import { DecisionCard } from './decision-card.tsx'
import './cause-graph.css'

/** More than this is no picture any more. */
const manyCommands = 60

/** Commands with their events from left to right, as one led to the other. */
export function CauseGraph({ trace, focus }: { trace: Trace; focus: string }) {
  const [all, setAll] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const cut = trace.commands.length > manyCommands && !all
  const { picture, lineage } = useMemo(() => {
    const roots = decisionTrees(trace)
    const lineage = lineageOf(roots, focus)
    return { lineage, picture: placed(cut && lineage.size > 0 ? pruned(roots, lineage) : roots) }
  }, [trace, focus, cut])

  useEffect(() => {
    const node = scroller.current?.querySelector(`[data-id="${CSS.escape(focus)}"]`)
    if (picture.cards.length > 0) node?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [focus, picture])

  return (
    <div ref={scroller} className="cause-graph scroll">
      <div className="cause-canvas" style={{ width: picture.width, height: picture.height }}>
        <svg width={picture.width} height={picture.height} aria-hidden="true">
          {picture.cards.map((card) => (
            <Rill key={card.decision.id} card={card} strong={lineage.has(card.decision.id)} />
          ))}
        </svg>
        {picture.cards.map((card) => (
          <DecisionCard key={card.decision.id} card={card} focus={focus} />
        ))}
      </div>
      {cut && (
        <Button className="cause-all" onClick={() => setAll(true)}>
          Show all {whole(trace.commands.length)} commands of this correlation
        </Button>
      )}
    </div>
  )
}

/** The line from an event to what was decided because of it, in the colour of where it flows. */
function Rill({ card: { decision, from, x, y }, strong }: { card: PlacedDecision; strong: boolean }) {
  const { hueOf } = useCatalog()
  if (!from) return null
  const [x2, y2] = [x, y + cardSize.head / 2]
  const bend = (x2 - from.x) / 2
  return (
    <path
      className={`rill tinted ${strong ? 'strong' : ''}`}
      style={{ '--hue': hueOf(aggregateOf(decision.command?.stream ?? '')) }}
      d={`M${from.x} ${from.y}C${from.x + bend} ${from.y} ${x2 - bend} ${y2} ${x2} ${y2}`}
    />
  )
}
