import type { Catalog, Chart } from '@headwater/core'
import { chartMermaid } from './chart-mermaid.ts'
import { chartPicture } from './chart-picture.ts'
import { flowOf } from './flow.ts'
import { flowMermaid } from './flow-mermaid.ts'
import { flowPicture } from './flow-picture.ts'
import { layout, type PlacedPicture } from './layout.ts'
import { svg, type SvgOptions } from './svg.ts'

export interface DrawOptions {
  /** The state that something is in: it and the states around it are highlighted. */
  readonly state?: string
}

/** A machine, or what the catalog says of one. */
interface Charted {
  readonly name: string
  readonly chart: Chart
}

/** A state machine as a Mermaid state diagram: for Markdown that renders it, as GitHub's does. */
export function toMermaid({ name, chart }: Charted, { state }: DrawOptions = {}): string {
  return chartMermaid(name, chart, state === undefined ? [] : [state])
}

/** Finding places costs most; they are the same whatever is highlighted. */
const placed = new WeakMap<Chart, PlacedPicture>()

/** A state machine as an SVG document, for light and dark. */
export function toSvg(
  { name, chart }: Charted,
  { state, theme = 'auto' }: DrawOptions & Pick<SvgOptions, 'theme'> = {},
): string {
  let picture = placed.get(chart)
  if (picture === undefined) placed.set(chart, (picture = layout(chartPicture(name, chart))))
  return svg(picture, { theme, highlight: state === undefined ? [] : outward(state) })
}

export interface FlowOptions {
  /** The name of an aggregate: only what concerns it. Default: everything. */
  readonly aggregate?: string
}

/** The flow from commands over aggregates and events to what reacts, as a Mermaid flowchart. */
export function flowToMermaid(catalog: Catalog, { aggregate }: FlowOptions = {}): string {
  return flowMermaid(aggregate ?? catalog.app, flowOf(catalog, aggregate))
}

/** The same as an SVG document. */
export function flowToSvg(
  catalog: Catalog,
  { aggregate, theme = 'auto' }: FlowOptions & Pick<SvgOptions, 'theme'> = {},
): string {
  return svg(layout(flowPicture(aggregate ?? catalog.app, flowOf(catalog, aggregate))), { theme })
}

/** `a.b.c`, `a.b`, `a` */
function outward(path: string): string[] {
  const dot = path.lastIndexOf('.')
  return dot < 0 ? [path] : [path, ...outward(path.slice(0, dot))]
}
