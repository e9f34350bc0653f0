import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { destinationOf, readPages, root } from './lib/markdown.ts'

const pages = readPages()
const byPath = new Map(pages.map((page) => [page.path, page]))

test('every relative link leads to a file, and to a heading where it names one', () => {
  const broken = pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      const to = destinationOf(page, target)
      if (to === undefined) return []
      if (!existsSync(join(root, to.path))) return [`${page.path}:${line}: ${target} is not there`]
      const anchors = byPath.get(to.path)?.anchors
      const isFound = to.anchor === '' || anchors === undefined || anchors.has(to.anchor)
      return isFound ? [] : [`${page.path}:${line}: ${target} names no heading`]
    }),
  )
  expect(broken).toEqual([])
})

test('every guide can be reached from the index', () => {
  const reachable = new Set<string>()
  const visit = (path: string): void => {
    const page = byPath.get(path)
    if (page === undefined || reachable.has(path)) return
    reachable.add(path)
    for (const { target } of page.links) {
      const to = destinationOf(page, target)?.path
      if (to !== undefined)
        visit(existsSync(join(root, to)) && statSync(join(root, to)).isDirectory() ? `${to}/README.md` : to)
    }
  }
  visit('docs/README.md')
  const written = pages.map(({ path }) => path).filter((path) => !path.startsWith('docs/decisions/'))
  expect(written.filter((path) => !reachable.has(path) && path !== 'README.md')).toEqual([])
})
