import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Law } from '../src/law.ts'
import { crashLaws } from '../src/processes/crashes.ts'
import { hold } from '../src/register.ts'
import { isFinding } from './faults/finding.ts'
import { openStore, type JournalFault } from './faults/journal-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Checks a law against a store that keeps a journal; gives what the law found. */
async function check(law: Law | undefined, fault: JournalFault): Promise<unknown> {
  if (law === undefined) throw new Error('There is no such law')
  const module = new URL('./faults/journal-store.ts', import.meta.url)
  const capabilities = { durable: true, multiProcess: { module, arguments: [folder, fault] } }
  try {
    return await hold(law, ({ database }) => openStore(database, folder, fault), capabilities)
  } catch (error) {
    if (!isFinding(error)) throw error
    return error
  }
}

const [appending, , processing] = crashLaws

describe('killing processes finds a store that', () => {
  test('acknowledges before it has written', async () => {
    expect(await check(appending, 'acknowledges-early')).toBeDefined()
  })

  test('records again what it recovers', async () => {
    expect(await check(appending, 'recovers-twice')).toBeDefined()
  })

  test('writes a checkpoint before the documents', async () => {
    expect(await check(processing, 'checkpoint-first')).toBeDefined()
  })

  test('writes the documents before the checkpoint', async () => {
    expect(await check(processing, 'documents-first')).toBeDefined()
  })
})

describe('killing processes finds nothing in a store that', () => {
  test('writes before it acknowledges', async () => {
    expect(await check(appending, 'none')).toBeUndefined()
  })

  test('writes documents and checkpoint together', async () => {
    expect(await check(processing, 'none')).toBeUndefined()
  })
})
