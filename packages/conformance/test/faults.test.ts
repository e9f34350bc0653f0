import { memoryStore } from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Law } from '../src/law.ts'
import { contract } from '../src/laws.ts'
import { hold } from '../src/register.ts'
import type { MakeStore } from '../src/subject.ts'
import { branchFaults } from './faults/branch-faults.ts'
import { togetherFaults } from './faults/together-faults.ts'
import { amendmentFaults } from './faults/amendment-faults.ts'
import { copyFaults } from './faults/copy-faults.ts'
import { externalFaults } from './faults/external-faults.ts'
import type { Fault } from './faults/fault.ts'
import { isFinding } from './faults/finding.ts'
import { logFaults } from './faults/log-faults.ts'
import { imageFaults, snapshotFaults } from './faults/snapshot-faults.ts'
import { viewFaults } from './faults/view-faults.ts'
import { processorFaults } from './faults/processor-faults.ts'
import { commandFaults, documentFaults, leaseFaults, progressFaults } from './faults/state-faults.ts'

const laws: readonly Law[] = Object.values(contract).flatMap((groups) => groups.flatMap(([, group]) => group))
const faults = [
  ...branchFaults,
  ...togetherFaults,
  ...amendmentFaults,
  ...logFaults,
  ...copyFaults,
  ...documentFaults,
  ...progressFaults,
  ...leaseFaults,
  ...commandFaults,
  ...snapshotFaults,
  ...imageFaults,
  ...externalFaults,
  ...viewFaults,
  ...processorFaults,
]

// The same runs each time: by chance so few miss a fault, with one seed of some hundred.
fc.configureGlobal({ seed: 1 })

/** The fewest runs that properties get have to be enough. */
const capabilities = { virtualTime: true, branches: true, slow: true }

function lawOf(sentence: string): Law {
  const found = laws.filter((law) => law.sentence === sentence)
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} laws say: ${sentence}`)
  return found[0]
}

function withFault({ plant }: Fault): MakeStore {
  return ({ now = () => Date.now() }) => plant(memoryStore({ now }), now)
}

describe('the conformance suite finds a store', () => {
  for (const fault of faults) {
    test.each(fault.foundBy)(`in which ${fault.name}: ‘%s’`, async (sentence) => {
      await expect(hold(lawOf(sentence), withFault(fault), capabilities)).rejects.toSatisfy(isFinding)
    })
  }
})

test('every law has a sentence of its own', () => {
  const sentences = laws.map(({ sentence }) => sentence)
  expect(sentences.toSorted()).toEqual([...new Set(sentences)].toSorted())
})
