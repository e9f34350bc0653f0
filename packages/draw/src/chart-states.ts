import type { Chart, ChartCommand, ChartState, ChartTransition } from '@headwater/core'

/** An arrow from a state to another. */
export interface StateArrow {
  readonly target: string
  /** The commands that raise the event. */
  readonly commands: readonly string[]
  readonly event: string
  /** All of it in one line. */
  readonly label: string
}

/** What drawings ask of a chart. */
export class ChartStates {
  readonly #chart: Chart
  readonly #states: ReadonlyMap<string, ChartState>

  constructor(chart: Chart) {
    this.#chart = chart
    this.#states = new Map(chart.states.map((state) => [state.path, state]))
  }

  in(parent: string | null): ChartState[] {
    return this.#chart.states.filter((state) => state.parent === parent)
  }

  nameOf({ path }: ChartState): string {
    return path.slice(path.lastIndexOf('.') + 1)
  }

  /** Whether there are states in it. */
  isGroup(path: string): boolean {
    return (this.#states.get(path)?.initial ?? null) !== null
  }

  /** The last of the innermost states in a state. */
  lastLeaf(path: string): string {
    const inside = [...this.#states.keys()].filter(
      (other) => other.startsWith(`${path}.`) && !this.isGroup(other),
    )
    return inside.at(-1) ?? path
  }

  arrows(state: ChartState): StateArrow[] {
    return state.transitions.flatMap((transition) => {
      const { target } = transition
      return target === null || !isArrow(state, target) ? [] : [this.#arrow(state, transition, target)]
    })
  }

  /** What happens in a state and leads nowhere else, in a line each. */
  inside(state: ChartState): string[] {
    const staying = state.transitions.flatMap((transition) => {
      const { target } = transition
      if (target !== null && isArrow(state, target)) return []
      const inner = target === null ? '' : ` → ${target.slice(state.path.length + 1) || '↺'}`
      return [`${this.#arrow(state, transition, '').label}${inner}`]
    })
    const concerned = [...this.#outward(state), ...this.#inward(state)]
    const leading = new Set(concerned.flatMap(({ transitions }) => transitions.map(({ event }) => event)))
    const idle = state.commands.flatMap((command) =>
      command.raises
        .filter((event) => !leading.has(event))
        .map((event) => `${commandText(command)} / ${event}`),
    )
    return [...staying, ...idle]
  }

  #arrow(state: ChartState, { event, guard }: ChartTransition, target: string): StateArrow {
    const commands = this.#raisedBy(state, event).map(commandText)
    const happened = guard === null ? event : `${event} [${guard}]`
    const label = commands.length === 0 ? happened : `${commands.join(', ')} / ${happened}`
    return { target, commands, event: happened, label }
  }

  /** The commands that raise an event in a state: of each, what the innermost state says. */
  #raisedBy(state: ChartState, event: string): ChartCommand[] {
    const known = new Map<string, ChartCommand>()
    for (const { commands } of this.#outward(state))
      for (const command of commands) if (!known.has(command.command)) known.set(command.command, command)
    return [...known.values()].filter(({ raises }) => raises.includes(event))
  }

  #inward({ path }: ChartState): ChartState[] {
    return this.#chart.states.filter((other) => other.path.startsWith(`${path}.`))
  }

  #outward(state: ChartState): ChartState[] {
    const outer = state.parent === null ? undefined : this.#states.get(state.parent)
    return outer === undefined ? [state] : [state, ...this.#outward(outer)]
  }
}

function commandText({ command, guard }: ChartCommand): string {
  return guard === null ? command : `${command} [${guard}]`
}

/** A state with states in it is a frame: what leads from it to itself or into it is told, not drawn. */
function isArrow({ path, initial }: ChartState, target: string): boolean {
  return initial === null || (target !== path && !target.startsWith(`${path}.`))
}
