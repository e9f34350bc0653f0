import type { CatalogAggregate, CatalogChart } from '@headwater/client'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { isObject } from '../../format/json.ts'
import './machine-drawing.css'

/** A machine as its code describes it, the state that the stream is in lit; and what can be asked of it there. */
export function MachineDrawing({ name, chart, state }: { name: string; chart: CatalogChart; state: string }) {
  const address = `/catalog/machines/${encodeURIComponent(name)}?format=svg&state=${encodeURIComponent(state)}`
  const around = withParents(chart, state)
  const commands = [...new Set(around.flatMap((one) => one.commands.map(({ command }) => command)))]
  return (
    <figure className="machine">
      <figcaption>
        <span>
          In <b className="mono">{state}</b>
        </span>
        {around.map(
          ({ path, description }) =>
            description && (
              <span key={path} className="soft">
                {description}
              </span>
            ),
        )}
        <span className="machine-commands">
          {commands.length === 0 ? (
            <span className="faint">Nothing can be asked of it any more.</span>
          ) : (
            commands.map((command) => (
              <Link key={command} href={paths.send(command)} className="button">
                {command}
              </Link>
            ))
          )}
        </span>
      </figcaption>
      <div className="machine-paper scroll">
        <img src={address} alt={`The states of ${name}; it is in ${state}`} />
      </div>
    </figure>
  )
}

/** The state's path in the chart, where the aggregate is a machine. */
export function placeOf(aggregate: CatalogAggregate | undefined, state: unknown): string | undefined {
  const value = isObject(state) ? state['value'] : undefined
  return aggregate?.chart?.states.find(({ path }) => path === value)?.path
}

/** A state and those that it is in, the innermost first. */
function withParents(chart: CatalogChart, path: string): CatalogChart['states'] {
  const state = chart.states.find((one) => one.path === path)
  if (!state) return []
  return state.parent === null ? [state] : [state, ...withParents(chart, state.parent)]
}
