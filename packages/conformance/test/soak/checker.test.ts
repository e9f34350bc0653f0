import { beforeAll, describe, expect, test } from 'vitest'
import { findingKinds } from '../../src/soak/check/finding.ts'
import { decisionMutants } from './decision-mutants.ts'
import { logMutants } from './log-mutants.ts'
import { processMutants } from './process-mutants.ts'
import { readerMutants } from './reader-mutants.ts'
import { NothingToSpoil } from './spoil.ts'
import { checkWritten, soundHistory, type Written } from './written.ts'

const mutants = [...logMutants, ...readerMutants, ...decisionMutants, ...processMutants]

let sound: Written
beforeAll(async () => {
  // What a mutant spoils has to be in it, and what happens in how many things is left to chance.
  for (let things = 2_000; ; things *= 2) {
    sound = await soundHistory(things)
    if (things > 20_000 || mutants.every(({ spoil }) => canBeSpoilt(spoil))) return
  }
}, 300_000)

function canBeSpoilt(spoil: (history: Written) => void): boolean {
  try {
    spoilt(spoil)
    return true
  } catch (error) {
    if (error instanceof NothingToSpoil) return false
    throw error
  }
}

function spoilt(spoil: (history: Written) => void): Written {
  const history = structuredClone(sound)
  spoil(history)
  return history
}

test('nothing is found in a history in which nothing is wrong', async () => {
  const { findings, events, commands, entries } = await checkWritten(sound)
  expect(findings).toEqual([])
  expect([events, commands, entries]).toEqual([
    sound.events.length,
    sound.commands.length,
    sound.entries.length,
  ])
})

describe('a checker finds that', () => {
  for (const { name, kind, spoil } of mutants) {
    test(`${name}: ‘${kind}’`, async () => {
      const { findings, counts } = await checkWritten(spoilt(spoil))
      expect(Object.keys(counts)).toContain(kind)
      const found = findings.find((finding) => finding.kind === kind)
      expect(found?.history).not.toEqual([])
    })
  }
})

test('there is a mutant of each kind, but for crashes, which end no journal', () => {
  const kinds = new Set(mutants.map(({ kind }) => kind))
  expect(findingKinds.filter((kind) => !kinds.has(kind))).toEqual(['crashed'])
})

test('what is gathered in many small buckets is judged as in one', async () => {
  for (const { spoil } of mutants.slice(0, 4)) {
    const history = spoilt(spoil)
    const [one, many] = [await checkWritten(history), await checkWritten(history, 20_000)]
    expect(many.counts).toEqual(one.counts)
  }
})
