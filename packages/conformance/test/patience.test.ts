import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Law } from '../src/law.ts'
import { patienceLaws } from '../src/processes/patience.ts'
import { hold } from '../src/register.ts'
import { lockedStore, type Patience } from './faults/locked-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Which of the laws a store breaks that treats a foreign lock so. */
async function brokenBy(patience: Patience, laws: readonly (Law | undefined)[]): Promise<readonly string[]> {
  const module = new URL('./faults/locked-store.ts', import.meta.url)
  const capabilities = { multiProcess: { module, arguments: [folder] } }
  const broken: string[] = []
  for (const law of laws) {
    if (law === undefined) throw new Error('There is no such law')
    const holding = hold(law, ({ database }) => lockedStore(database, folder, patience), capabilities)
    const [outcome] = await Promise.allSettled([holding])
    if (outcome?.status === 'rejected') broken.push(law.sentence)
  }
  return broken
}

const [waits, leavesTheLoopFree, readsOn] = patienceLaws

describe('a foreign write lock finds a store that', () => {
  test('gives up at once', async () => {
    expect(await brokenBy('gives-up', [waits])).toEqual([waits?.sentence])
  })

  test('blocks the event loop while it waits', async () => {
    expect(await brokenBy('blocks', [leavesTheLoopFree])).toEqual([leavesTheLoopFree?.sentence])
  })

  test('holds up its readers', async () => {
    expect(await brokenBy('holds-up-readers', [readsOn])).toEqual([readsOn?.sentence])
  })
})

test('a foreign write lock finds nothing in a store that waits', async () => {
  expect(await brokenBy('waits', patienceLaws)).toEqual([])
})
