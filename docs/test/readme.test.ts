import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, root } from './lib/markdown.ts'

test("the README's counter is the one of the examples, to the letter", () => {
  const block = readPage('README.md').blocks.find(({ words }) => words.includes('file=counter.ts'))
  expect(`${block?.text}\n`).toBe(readFileSync(join(root, 'examples/counter/counter.ts'), 'utf8'))
})
