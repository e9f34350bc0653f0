import { readdir } from 'node:fs/promises'
import { expect, it } from 'vitest'

it('decisions are numbered one after the other, each with a number of its own', async () => {
  const files = await readdir(new URL('../decisions', import.meta.url))
  const numbers = files.map((file) => file.slice(0, 4)).toSorted()
  expect(numbers).toEqual(files.map((_file, index) => String(index + 1).padStart(4, '0')))
})
