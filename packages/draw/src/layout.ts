import { Graph, layout as place } from '@dagrejs/dagre'
import {
  dotSize,
  fontSize,
  type Line,
  lineHeight,
  type Picture,
  type PictureEdge,
  type PictureGroup,
  type PictureNode,
} from './picture.ts'
import { widthOf } from './text.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A rectangle by its middle. */
export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export interface PlacedPicture extends Pick<Picture, 'title'> {
  readonly width: number
  readonly height: number
  readonly nodes: readonly (PictureNode & Box)[]
  /** Outer ones first. */
  readonly groups: readonly (PictureGroup & Box)[]
  readonly edges: readonly PlacedEdge[]
}

export interface PlacedEdge extends PictureEdge {
  readonly points: readonly Point[]
  /** Where its lines stand; undefined where it has none. */
  readonly label: Box | undefined
}

const margin = 16
const nodeSeparation = 32
const padding = { x: 14, y: 9 }
const smallest = { width: 64, height: 34 }

/** Gives a picture its places, by layers (dagre): arrows go around what is in their way, and their texts have room. */
export function layout(picture: Picture): PlacedPicture {
  const graph = new Graph({ multigraph: true, compound: true })
  graph.setGraph({
    rankdir: picture.direction === 'down' ? 'TB' : 'LR',
    nodesep: nodeSeparation,
    edgesep: 18,
    ranksep: picture.direction === 'down' ? 26 : 44,
    marginx: margin,
    marginy: margin,
  })
  for (const { id } of picture.groups) graph.setNode(id, {})
  for (const node of picture.nodes) graph.setNode(node.id, sizeOfNode(node))
  for (const { id, group } of [...picture.groups, ...picture.nodes])
    if (group !== undefined) graph.setParent(id, group)
  for (const [index, edge] of picture.edges.entries())
    graph.setEdge(edge.from, edge.to, { ...sizeOfLines(edge.lines), labelpos: 'c' }, String(index))
  place(graph)

  const boxOf = (id: string): Box => {
    const { x = 0, y = 0, width, height } = graph.node(id)
    return { x, y, width, height }
  }
  const groups = picture.groups.map((group) => ({ ...group, ...boxOf(group.id) }))
  const edges = picture.edges.map((edge, index) =>
    placedEdge(edge, graph.edge(edge.from, edge.to, String(index)), boxOf, picture.direction),
  )
  const { width = 0, height = 0 } = graph.graph()
  return {
    title: picture.title,
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: picture.nodes.map((node) => ({ ...node, ...boxOf(node.id) })),
    groups,
    edges,
  }
}

function placedEdge(
  edge: PictureEdge,
  { points: given = [], x = 0, y = 0 }: { points?: readonly Point[]; x?: number; y?: number },
  boxOf: (id: string) => Box,
  direction: Picture['direction'],
): PlacedEdge {
  const label = edge.lines.length === 0 ? undefined : { x, y, ...sizeOfLines(edge.lines) }
  if (edge.from === edge.to) return { ...edge, points: loop(boxOf(edge.from)), label }
  let points = direction === 'right' ? fromSideToSide(given, boxOf(edge.from), boxOf(edge.to)) : given
  if (edge.toGroup !== undefined) points = upTo(points, boxOf(edge.toGroup))
  if (edge.fromGroup !== undefined) points = upTo(points.toReversed(), boxOf(edge.fromGroup)).toReversed()
  return { ...edge, points, label }
}

/** From a box to itself, in the room that is left between it and its text. */
function loop({ x, y, width, height }: Box): readonly Point[] {
  const side = x + width / 2
  const reach = nodeSeparation - 12
  const up = height / 4
  return [
    { x: side, y: y - up },
    { x: side + reach, y: y - up },
    { x: side + reach, y: y + up },
    { x: side, y: y + up },
  ]
}

/** Where everything goes to the right, arrows leave at the right and arrive at the left. */
function fromSideToSide(points: readonly Point[], from: Box, to: Box): readonly Point[] {
  return [
    { x: from.x + from.width / 2, y: from.y },
    ...points.slice(1, -1),
    { x: to.x - to.width / 2, y: to.y },
  ]
}

/** A line that comes from outside of a box, up to its border; all of it where it begins inside. */
function upTo(points: readonly Point[], box: Box): readonly Point[] {
  const at = points.findIndex((point) => contains(box, point))
  const [inside, before] = [points[at], points[at - 1]]
  if (inside === undefined || before === undefined) return points
  return [...points.slice(0, at), crossing(before, inside, box)]
}

function contains({ x, y, width, height }: Box, point: Point): boolean {
  return Math.abs(point.x - x) <= width / 2 && Math.abs(point.y - y) <= height / 2
}

/** Where the line from outside to inside meets the border. */
function crossing(outside: Point, inside: Point, { x, y, width, height }: Box): Point {
  const share = (from: number, to: number, middle: number, half: number): number => {
    if (Math.abs(from - middle) <= half) return 0
    return (middle + Math.sign(from - middle) * half - from) / (to - from)
  }
  const part = Math.max(share(outside.x, inside.x, x, width / 2), share(outside.y, inside.y, y, height / 2))
  return { x: outside.x + (inside.x - outside.x) * part, y: outside.y + (inside.y - outside.y) * part }
}

function sizeOfNode({ kind, lines }: PictureNode): { width: number; height: number } {
  if (kind === 'start') return { width: dotSize, height: dotSize }
  const text = sizeOfLines(lines)
  if (kind === 'header') return { width: text.width, height: text.height + dotSize }
  return {
    width: Math.max(smallest.width, text.width + 2 * padding.x),
    height: Math.max(smallest.height, text.height + 2 * padding.y),
  }
}

function sizeOfLines(lines: readonly Line[]): { width: number; height: number } {
  if (lines.length === 0) return { width: 0, height: 0 }
  return {
    width: Math.max(...lines.map(({ text, kind }) => widthOf(text, fontSize[kind]))) + 6,
    height: lines.length * lineHeight + 4,
  }
}
