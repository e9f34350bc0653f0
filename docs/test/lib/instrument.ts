import { parseAst } from 'vitest/node'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [part: string]: unknown
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** `// => value`, which may go on in comments that are indented by two spaces or more, or `// throws code`. */
const claim = /^[;\s]*?\/\/ (=>|throws) (.*)$/

/** How many claims a text makes: each of them has to be checked. */
export function countClaims(text: string): number {
  return [...text.matchAll(/\/\/ (?:=>|throws) /g)].length
}

/**
 * Turns what a snippet claims into calls that check it, without moving a line:
 *
 * - `expression // => value`, `console.log(expression) // => value` and `const name = … // => value`: it equals the
 *   value; where the value has a `…`, it holds at least what the value names;
 * - `expression // throws code`: it throws a HeadwaterError of the code.
 *
 * @throws Error for a claim that stands where it can't be checked
 */
export function instrument(source: string, path: string): string {
  const edits: Edit[] = []
  visit(parseAst(source, { lang: 'ts' }), (node) => {
    const edit = editOf(node, source)
    if (edit !== undefined) edits.push(edit)
  })
  if (edits.length !== countClaims(source)) {
    throw new Error(`${path}: ${countClaims(source)} claims, of which ${edits.length} can be checked`)
  }
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source)
}

function editOf(node: Node, source: string): Edit | undefined {
  if (node.type !== 'ExpressionStatement' && node.type !== 'VariableDeclaration') return undefined
  const lineEnd = endOfLine(source, node.end)
  const [, kind, first = ''] = claim.exec(source.slice(node.end, lineEnd)) ?? []
  if (kind === undefined) return undefined
  const line = source.slice(0, node.end).split('\n').length
  const { rest, end, lines } = continuation(source, lineEnd)
  const said = [first, ...rest].join(' ')
  const blank = '\n'.repeat(lines)
  const statement = source.slice(node.start, node.end).replace(/;$/, '')
  if (kind === 'throws') {
    const text = `await $throws(async () => { return (${statement}) }, ${JSON.stringify(said.trim())}, ${line})${blank}`
    return { start: node.start, end, text }
  }
  const check = `$is(${actualOf(node, source)}, ${expectedOf(said)}, ${line})${blank}`
  return node.type === 'ExpressionStatement'
    ? { start: node.start, end, text: `void ${check}` }
    : { start: node.start, end, text: `${statement};${check}` }
}

function continuation(source: string, from: number): { rest: string[]; end: number; lines: number } {
  const rest: string[] = []
  let end = from
  while (end < source.length) {
    const next = endOfLine(source, end + 1)
    const more = /^\s*\/\/\s{2,}(.*)$/.exec(source.slice(end + 1, next))
    if (more === null) break
    rest.push(more[1] ?? '')
    end = next
  }
  return { rest, end, lines: rest.length }
}

function actualOf(node: Node, source: string): string {
  if (node.type === 'VariableDeclaration') {
    const [declarator] = node['declarations'] as Node[]
    const id = declarator?.['id'] as Node | undefined
    if (id?.type !== 'Identifier') throw new Error('Only a declaration of one name can be followed by // =>')
    return String(id['name'])
  }
  const expression = node['expression'] as Node
  const printed = /^console\.log\(([\s\S]*)\)$/.exec(source.slice(expression.start, expression.end))
  return `(${printed?.[1] ?? source.slice(expression.start, expression.end)})`
}

/** The value as an expression; with a `…` it is only a part of what is expected. */
function expectedOf(said: string): string {
  const whole = said.replace(/,?\s*…/g, '')
  return whole === said ? `$all(${said})` : `$part(${whole})`
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from)
  return end < 0 ? source.length : end
}

function visit(part: unknown, see: (node: Node) => void): void {
  if (Array.isArray(part)) {
    for (const child of part) visit(child, see)
  } else if (isNode(part)) {
    see(part)
    for (const child of Object.values(part)) visit(child, see)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
