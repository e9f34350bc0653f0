import { type Capabilities, portConformance } from '@headwater/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { openTrial, quickServer } from '../support.ts'
import { files } from './files.ts'
import { Shelf } from './shelf.ts'

const capabilities: Capabilities = {
  durable: true,
  sql: true,
  branches: true,
  leasesEndWithStore: true,
  slow: true,
}

/** Tests what a file is to test, in schemas that are used again. */
export function conforms(file: Exclude<keyof typeof files, 'processes'>): void {
  describe.skipIf(quickServer === undefined)('PostgreSQL', () => {
    const shelf = new Shelf(quickServer ?? '')
    afterAll(() => shelf.close())
    for (const port of files[file])
      portConformance(port, 'postgres', shelf.open, { ...capabilities, remove: shelf.remove })

    it('left nothing behind in the schemas that were used again', async () => {
      const { emptied, fresh } = await shelf.contents()
      expect(emptied.length).toBeGreaterThan(0)
      for (const contents of emptied) expect(contents).toEqual(fresh)
    })
  })
}

/** Tests what happens in several processes. Each trial has a schema of its own: who was killed may still be at work in it. */
export function conformsInProcesses(): void {
  const module = new URL('../store-in-process.ts', import.meta.url)
  describe.skipIf(quickServer === undefined)('PostgreSQL', () => {
    for (const port of files.processes)
      portConformance(port, 'postgres', openTrial, {
        ...capabilities,
        multiProcess: { module, arguments: [quickServer ?? ''] },
      })
  })
}
