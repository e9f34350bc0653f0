import type { Box, PlacedEdge, PlacedPicture, Point } from './layout.ts'
import { dotSize, fontSize, type Line, lineHeight } from './picture.ts'
import { style } from './style.ts'
import { escapeXml, widthOf } from './text.ts'

export interface SvgOptions {
  /** The paths of states to be shown as the ones that something is in. */
  readonly highlight?: readonly string[]
  /** Default `auto`: as whoever looks at it prefers. */
  readonly theme?: 'auto' | 'light' | 'dark'
}

/** A picture as a document of its own; it needs no script, and no font but those that are there. */
export function svg(picture: PlacedPicture, { highlight = [], theme = 'auto' }: SvgOptions = {}): string {
  const { width, height, title, nodes, groups, edges } = picture
  const isLit = (id: string): boolean => highlight.includes(id)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" class="headwater-drawing">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${style(theme)}</style>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="tip" d="M0 1 9 5 0 9Z"/></marker></defs>',
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...groups.map((group) => rectangle(group, ['group', isLit(group.id) ? 'lit' : ''], 10)),
    ...edges.map(arrow),
    ...groups.map(legend),
    ...nodes.map((node) => drawnNode(node, isLit(node.id))),
    // Above all lines, so that none strikes a text through.
    ...edges.map(({ label, lines }) =>
      label === undefined ? '' : `${rectangle(label, ['label'], 4)}${texts(label, lines)}`,
    ),
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n')}\n`
}

type Node = PlacedPicture['nodes'][number]

function drawnNode(node: Node, isLit: boolean): string {
  const { kind, x, y, height, lines } = node
  const lit = isLit ? 'lit' : ''
  if (kind === 'start') return dot(x, y)
  if (kind === 'header') return texts({ x, y: y - dotSize / 2 }, lines) + dot(x, y + height / 2 - dotSize / 2)
  const inner = kind === 'final' ? rectangle(shrunk(node, 4), ['inner', lit], corner(node) - 4) : ''
  return rectangle(node, [kind, lit], corner(node)) + inner + texts(node, lines)
}

function dot(x: number, y: number): string {
  return `<circle class="start" cx="${at(x)}" cy="${at(y)}" r="${dotSize / 2}"/>`
}

/** On the border, at the left. */
function legend({ title, x, y, width, height }: PlacedPicture['groups'][number]): string {
  if (title === undefined) return ''
  const wide = widthOf(title, fontSize.name)
  const middle = { x: x - width / 2 + 16 + wide / 2, y: y - height / 2 }
  return (
    rectangle({ ...middle, width: wide + 8, height: lineHeight }, ['label'], 2) +
    texts(middle, [{ text: title, kind: 'name' }])
  )
}

const at = (value: number): string => String(Math.round(value * 10) / 10)

function corner({ kind, height }: { readonly kind: string; readonly height: number }): number {
  return kind === 'command' || kind === 'event' ? 3 : kind === 'view' ? 0 : Math.min(12, height / 2)
}

function shrunk(box: Box, by: number): Box {
  return { ...box, width: box.width - 2 * by, height: box.height - 2 * by }
}

function rectangle({ x, y, width, height }: Box, classes: readonly string[], radius: number): string {
  const names = classes.filter((name) => name !== '').join(' ')
  return `<rect class="${names}" x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${at(height)}" rx="${at(radius)}"/>`
}

function texts({ x, y }: Point, lines: readonly Line[]): string {
  const top = y - ((lines.length - 1) * lineHeight) / 2
  return lines
    .map(({ text, kind }, index) => {
      return `<text class="${kind}" x="${at(x)}" y="${at(top + index * lineHeight)}">${escapeXml(text)}</text>`
    })
    .join('')
}

function arrow({ points }: PlacedEdge): string {
  return `<path class="arrow" d="${pathOf(points)}" marker-end="url(#tip)"/>`
}

/** A line through the middles of the segments, bent at the corners. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${at(first.x)} ${at(first.y)}`]
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1]
    if (next === undefined) parts.push(`L${at(point.x)} ${at(point.y)}`)
    else {
      const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
      parts.push(`Q${at(point.x)} ${at(point.y)} ${at(middle.x)} ${at(middle.y)}`)
    }
  }
  return parts.join('')
}
