import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { entriesOf, sectionsOf, titleOf } from '../lib/reference.mjs'
import { inRoot } from '../lib/root.mjs'

test('a section of an index is what stands below its comment', () => {
  const source =
    "// message\nexport * from './a.ts'\n// log\n// Not a name: two words.\nexport * from './b.ts'\n"
  expect(sectionsOf(source)).toEqual([
    { name: 'message', text: "\nexport * from './a.ts'\n" },
    { name: 'log', text: "\n// Not a name: two words.\nexport * from './b.ts'\n" },
  ])
})

test('the reference has a page for every export of every package that exports something of its own', () => {
  const pages = entriesOf(inRoot()).map(({ page }) => page)
  const packages = readdirSync(inRoot('packages')).filter(
    (name) => !['core', 'headwater', 'studio'].includes(name),
  )
  for (const name of packages) expect(pages).toContain(name === 'cli' ? 'headwater' : name)
  expect(new Set(pages).size).toBe(pages.length)
  expect(pages).toEqual(expect.arrayContaining(['message', 'decide', 'log', 'view', 'app']))
})

test('a page is called by its subject', () => {
  expect(titleOf('decide')).toBe('Aggregates and decisions')
  expect(titleOf('some-new-part')).toBe('Some new part')
})
