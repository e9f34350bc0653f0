import { ports } from '@headwater/conformance'
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { files } from './files.ts'

it('the files together test each port of the contract once', () => {
  expect(Object.values(files).flat().toSorted()).toEqual(ports.toSorted())
  const there = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.ts'))
  expect(there.toSorted()).toEqual(
    [...Object.keys(files), 'whole'].map((name) => `${name}.test.ts`).toSorted(),
  )
})
