import type { Envelope } from '@headwater/client'
import { useCatalog } from '../../data/catalog-context.tsx'
import { whole } from '../../format/number.ts'
import { Icon } from '../../ui/icon.tsx'
import './type-menu.css'

interface TypeMenuProps {
  readonly events: readonly Envelope[]
  readonly chosen: readonly string[]
  readonly onChoose: (types: readonly string[]) => void
}

/** Event types to choose from, with how many of each are here; those of the catalog that are not, too. */
export function TypeMenu({ events, chosen, onChoose }: TypeMenuProps) {
  const { catalog, hueOf } = useCatalog()
  const counts = new Map<string, number>((catalog?.events ?? []).map(({ name }) => [name, 0]))
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1)
  const aggregateOfType = new Map((catalog?.events ?? []).map(({ name, aggregate }) => [name, aggregate]))

  const toggle = (type: string) =>
    onChoose(chosen.includes(type) ? chosen.filter((other) => other !== type) : [...chosen, type])

  const label = chosen.length === 0 ? 'All types' : chosen.length === 1 ? chosen[0] : `${chosen.length} types`
  return (
    <>
      <button
        type="button"
        className="button type-menu-button"
        popoverTarget="type-menu"
        aria-pressed={chosen.length > 0}
      >
        <Icon name="filter" size={14} />
        <span className="cut">{label}</span>
        <Icon name="down" size={12} />
      </button>
      <div id="type-menu" popover="auto" className="type-menu scroll">
        {[...counts].map(([type, here]) => (
          <label
            key={type}
            className="type-menu-item tinted"
            style={{ '--hue': hueOf(aggregateOfType.get(type) ?? '') }}
          >
            <input type="checkbox" checked={chosen.includes(type)} onChange={() => toggle(type)} />
            <span className="dot" />
            <span className="cut">{type}</span>
            <span className="faint number">{whole(here)}</span>
          </label>
        ))}
        {chosen.length > 0 && (
          <button type="button" className="type-menu-all" onClick={() => onChoose([])}>
            All types
          </button>
        )}
      </div>
    </>
  )
}
