import { memoryStore } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import type { Law } from '../src/law.ts'
import { contract } from '../src/laws.ts'
import { hold } from '../src/register.ts'
import type { MakeStore } from '../src/subject.ts'
import type { Fault } from './faults/fault.ts'
import { isFinding } from './faults/finding.ts'
import { logFaults } from './faults/log-faults.ts'
import { commandFaults, documentFaults, leaseFaults, progressFaults } from './faults/state-faults.ts'

const laws: readonly Law[] = Object.values(contract).flatMap((groups) => groups.flatMap(([, group]) => group))
const faults = [...logFaults, ...documentFaults, ...progressFaults, ...leaseFaults, ...commandFaults]

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
      await expect(hold(lawOf(sentence), withFault(fault), { virtualTime: true })).rejects.toSatisfy(
        isFinding,
      )
    })
  }
})

test('every law has a sentence of its own', () => {
  const sentences = laws.map(({ sentence }) => sentence)
  expect(sentences.toSorted()).toEqual([...new Set(sentences)].toSorted())
})
