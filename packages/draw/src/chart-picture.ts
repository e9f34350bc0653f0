import type { Chart, ChartState } from '@headwater/core'
import { ChartStates } from './chart-states.ts'
import type { Line, Picture, PictureEdge, PictureGroup, PictureNode } from './picture.ts'

/** A state machine as a picture: states, the states in them, and arrows that say what leads where. */
export function chartPicture(title: string, chart: Chart): Picture {
  const states = new ChartStates(chart)
  const nodes: PictureNode[] = [{ id: start, kind: 'start', lines: [], group: undefined }]
  const groups: PictureGroup[] = []
  const edges: PictureEdge[] = [edgeTo(states, start, chart.initial, [])]
  for (const state of chart.states) {
    const { path, initial, isFinal } = state
    const group = state.parent ?? undefined
    const lines: Line[] = [
      { text: states.nameOf(state), kind: 'name' },
      ...states.inside(state).map((text): Line => ({ text, kind: 'note' })),
    ]
    if (initial === null) {
      nodes.push({ id: path, kind: isFinal ? 'final' : 'state', lines, group })
    } else {
      groups.push({ id: path, group })
      nodes.push({ id: headerOf(path), kind: 'header', lines, group: path })
      edges.push(edgeTo(states, headerOf(path), initial, []))
    }
    edges.push(...leaving(states, state))
  }
  return { title, direction: 'down', nodes, edges, groups }
}

/** No state has a name with a space. */
const start = ' start'
const headerOf = (path: string): string => `${path} header`

/** The arrows that leave a state, one for each target. */
function leaving(states: ChartStates, state: ChartState): PictureEdge[] {
  const from = states.isGroup(state.path) ? states.lastLeaf(state.path) : state.path
  const byTarget = Map.groupBy(states.arrows(state), ({ target }) => target)
  return [...byTarget].map(([target, arrows]) => {
    const lines = arrows.flatMap(({ commands, event }): Line[] => [
      ...commands.map((text): Line => ({ text, kind: 'command' })),
      { text: event, kind: 'event' },
    ])
    return edgeTo(states, from, target, lines, from === state.path ? undefined : state.path)
  })
}

/** An arrow to a state, or to the border of a state with states in it. */
function edgeTo(
  states: ChartStates,
  from: string,
  target: string,
  lines: readonly Line[],
  fromGroup?: string,
): PictureEdge {
  const isGroup = states.isGroup(target)
  return {
    from,
    to: isGroup ? headerOf(target) : target,
    lines,
    fromGroup,
    toGroup: isGroup ? target : undefined,
  }
}
