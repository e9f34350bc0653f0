import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FindingKind } from '../../src/soak/check/finding.ts'
import { soak, type SoakReport } from '../../src/soak/soak.ts'
import type { StoreFault } from './faulty-store.ts'

/** What shows that a store has a fault: one of these is enough. */
const convicted: Readonly<Record<Exclude<StoreFault, 'none'>, readonly FindingKind[]>> = {
  loses: ['lost'],
  skips: ['skipped'],
  doubles: ['duplicated'],
  'checks-early': ['two-winners', 'stale-decision', 'expected-revision'],
  'bounds-early': ['condition'],
  'shares-leases': ['wrong-document', 'checkpoint-backwards', 'late-write'],
  'fences-early': ['late-write', 'checkpoint-backwards', 'wrong-document'],
  'commits-apart': ['wrong-document'],
  crashes: ['crashed'],
}

async function soaked(fault: StoreFault, things: number): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-soak-test-'))
  try {
    return await soak({
      store: { module: new URL('./faulty-store.ts', import.meta.url), arguments: [folder, fault] },
      database: 'soaked',
      folder: join(folder, 'journals'),
      seed: 'faults',
      milliseconds: 120_000,
      things,
      processes: 3,
      // A processor that a fault keeps from its end is not waited for.
      ...(fault !== 'none' && { patience: 10_000 }),
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a soak convicts a store that', { timeout: 300_000 }, () => {
  for (const [fault, kinds] of Object.entries(convicted)) {
    test(`${fault}`, async () => {
      // Whether a race is lost in so many things is left to chance.
      for (const things of [1_000, 3_000, 10_000]) {
        const { counts, isClean } = await soaked(fault as StoreFault, things)
        if (isClean) continue
        expect(kinds.filter((kind) => counts[kind] !== undefined)).not.toEqual([])
        return
      }
      expect.unreachable('It was not convicted')
    })
  }
})

test('a soak finds nothing in a store with no fault', { timeout: 300_000 }, async () => {
  const { findings, events, blows } = await soaked('none', 2_000)
  expect(findings).toEqual([])
  expect(events).toBeGreaterThan(100)
  expect(blows.kill + blows.freeze + blows['freeze-long'] + blows.stop).toBeGreaterThan(0)
})
