import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** A fenced block; `line` is that of its opening fence, from 1. */
export interface Block {
  readonly language: string
  /** What follows the language: `no-run`, `file=counter.ts`. */
  readonly words: readonly string[]
  readonly line: number
  readonly text: string
}

export interface Link {
  readonly target: string
  readonly line: number
}

export interface Page {
  /** From the root of the repository: `docs/guides/views.md`. */
  readonly path: string
  readonly lines: readonly string[]
  readonly blocks: readonly Block[]
  readonly headings: readonly { readonly level: number; readonly title: string; readonly line: number }[]
  /** What a link to this page may end in after `#`. */
  readonly anchors: ReadonlySet<string>
  readonly links: readonly Link[]
}

/** The README and every page below docs. */
export function readPages(): readonly Page[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort()
  return ['README.md', ...below].map(readPage)
}

export function readPage(path: string): Page {
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  const blocks: Block[] = []
  const prose: string[] = []
  let open: { fence: string; info: string; line: number; text: string[] } | undefined
  for (const [index, line] of lines.entries()) {
    const fence = /^\s*(`{3,})(.*)$/.exec(line)
    if (open === undefined && fence !== null) {
      open = { fence: fence[1] ?? '', info: (fence[2] ?? '').trim(), line: index + 1, text: [] }
      prose.push('')
    } else if (open !== undefined) {
      if (line.trim() === open.fence) {
        const [language = '', ...words] = open.info.split(/\s+/)
        blocks.push({ language, words, line: open.line, text: open.text.join('\n') })
        open = undefined
      } else {
        open.text.push(line)
      }
      prose.push('')
    } else {
      prose.push(line)
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the fence is not closed`)
  return { path, lines, blocks, ...readProse(prose) }
}

function readProse(prose: readonly string[]): Pick<Page, 'headings' | 'anchors' | 'links'> {
  const headings: { level: number; title: string; line: number }[] = []
  const anchors = new Set<string>()
  const links: Link[] = []
  for (const [index, line] of prose.entries()) {
    const heading = /^(#{1,6}) (.+)$/.exec(line)
    if (heading !== null) {
      const title = (heading[2] ?? '').trim()
      headings.push({ level: (heading[1] ?? '').length, title, line: index + 1 })
      anchors.add(unique(slugOf(title), anchors))
    }
    for (const [, id = ''] of line.matchAll(/<a id="([^"]+)">/g)) anchors.add(id)
    const bare = line.replace(/`[^`]*`/g, '')
    for (const [, target = ''] of bare.matchAll(/\]\(([^()\s]+)\)/g)) links.push({ target, line: index + 1 })
    for (const [, target = ''] of bare.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)) {
      links.push({ target, line: index + 1 })
    }
  }
  return { headings, anchors, links }
}

/** The anchor that GitHub gives a heading. */
export function slugOf(title: string): string {
  return title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

function unique(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug
  let count = 1
  while (taken.has(`${slug}-${count}`)) count += 1
  return `${slug}-${count}`
}

/** Where a link of a page leads: a path from the root and an anchor; undefined: out of the repository. */
export function destinationOf(page: Page, target: string): { path: string; anchor: string } | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined
  const [path = '', anchor = ''] = target.split('#', 2)
  const to = path === '' ? page.path : relative(root, resolve(root, dirname(page.path), decodeURI(path)))
  return { path: to, anchor }
}
