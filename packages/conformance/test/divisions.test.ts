import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { divisionLaws } from '../src/processes/divisions.ts'
import { hold } from '../src/register.ts'
import { openStore, type ProgressFault } from './faults/divided-store.ts'
import { isFinding } from './faults/finding.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-divisions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Checks the law against a store that several processes share; gives what it found. */
async function check(fault: ProgressFault): Promise<unknown> {
  const [dividing] = divisionLaws
  if (dividing === undefined) throw new Error('There is no such law')
  const module = new URL('./faults/divided-store.ts', import.meta.url)
  const capabilities = { durable: true, multiProcess: { module, arguments: [folder, fault] } }
  try {
    return await hold(dividing, ({ database }) => openStore(database, folder, fault), capabilities)
  } catch (error) {
    if (!isFinding(error)) throw error
    return error
  }
}

describe('killing those who work on partitions and those who divide them', () => {
  test('finds a store that takes the commit of a partition that was cut anew', async () => {
    expect(await check('takes-old-generations')).toBeDefined()
  })

  test('finds a store that forgets which slots of a merged partition are further on', async () => {
    expect(await check('forgets-ahead')).toBeDefined()
  })

  test('finds nothing in a store that does neither', async () => {
    expect(await check('none')).toBeUndefined()
  })
})
