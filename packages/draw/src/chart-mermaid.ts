import type { Chart, ChartState } from '@headwater/core'
import { ChartStates, type StateArrow } from './chart-states.ts'
import { litClass, litDefinition, MermaidNames, mermaidText } from './mermaid-names.ts'

/** A state machine as a Mermaid state diagram. */
export function chartMermaid(title: string, chart: Chart, highlight: readonly string[] = []): string {
  const names = new MermaidNames()
  const states = new ChartStates(chart)
  const arrowLine = (from: string, { target, label }: StateArrow): string =>
    `${names.of(from)} --> ${names.of(target)} : ${mermaidText(label)}`

  const block = (parent: string | null, initial: string, indent: string): string[] => [
    `${indent}[*] --> ${names.of(initial)}`,
    ...states.in(parent).flatMap((state) => stateLines(state, indent)),
  ]
  const stateLines = (state: ChartState, indent: string): string[] => {
    const name = names.of(state.path)
    const opening = `${indent}state "${mermaidText(states.nameOf(state))}" as ${name}`
    if (state.initial !== null)
      return [`${opening} {`, ...block(state.path, state.initial, `${indent}  `), `${indent}}`]
    return state.isFinal ? [opening, `${indent}${name} --> [*]`] : [opening]
  }
  // After all states, outside of all: Mermaid takes a state to be where it is first named.
  const leading = (state: ChartState): string[] => {
    const notes = states.inside(state)
    const note = `  note right of ${names.of(state.path)} : ${notes.map(mermaidText).join(', ')}`
    return [
      ...states.arrows(state).map((arrow) => `  ${arrowLine(state.path, arrow)}`),
      ...(notes.length === 0 ? [] : [note]),
    ]
  }
  const lit = highlight.filter((path) => chart.states.some((state) => state.path === path))
  return `${[
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'stateDiagram-v2',
    ...block(null, chart.initial, '  '),
    ...chart.states.flatMap(leading),
    ...(lit.length === 0
      ? []
      : [`  ${litDefinition}`, ...lit.map((path) => `  class ${names.of(path)} ${litClass}`)]),
  ].join('\n')}\n`
}
