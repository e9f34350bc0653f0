import { expect, test } from 'vitest'
import { Findings, type FindingKind } from '../../src/soak/check/finding.ts'
import { LeaseChecker } from '../../src/soak/check/leases.ts'
import type { Entry, EntryBody } from '../../src/soak/entries.ts'

const processor = 'everything@6'
const name = `processor:${processor}[0-32767]`
const partition = '0-32767/2'

const lease = (owner: string, token: number): EntryBody => ({ kind: 'lease', name, owner, token })
const committing = (turn: string, token: number, position: number): EntryBody => {
  return { kind: 'committing', turn, processor, lease: name, token, partition, position }
}
const committed = (turn: string): EntryBody => ({ kind: 'committed', turn })
/** Somebody asks, and is answered a moment later. */
const stood = (position: number): EntryBody => {
  return { kind: 'stood', since: -1, processor, partitions: [[partition, position]] }
}

/** What is found in a journal whose entries were written one every ten microseconds. */
function found(entries: readonly EntryBody[]): readonly FindingKind[] {
  const findings = new Findings()
  const checker = new LeaseChecker(findings)
  for (const [index, body] of entries.entries()) {
    const at = 10 * (index + 1)
    const entry: Entry = body.kind === 'stood' ? { ...body, at, since: at - 1 } : { ...body, at }
    checker.entry(entry)
  }
  return [...findings.counts.keys()]
}

/** One commits and freezes before it has heard of it; another one gets the lease, and goes on from where it sees it. */
function frozenInItsCommit(seenAt: number): readonly EntryBody[] {
  return [
    lease('4-1', 4900),
    committing('4-1/4062', 4900, 10_085),
    lease('1-7', 5129),
    stood(seenAt),
    committing('1-7/175', 5129, 10_843),
    committed('1-7/175'),
    committing('1-7/177', 5129, 10_844),
    committed('1-7/177'),
    committed('4-1/4062'),
  ]
}

test('who wakes up after others have gone on may hear of a commit that took place before', () => {
  expect(found(frozenInItsCommit(10_085))).toEqual([])
})

test('who is begun before another one has the lease, and took place after it, wrote too late', () => {
  expect(found(frozenInItsCommit(10_080))).toEqual(['late-write'])
})

test('who begins after another one has the lease wrote too late, and sent it back', () => {
  const entries = [...frozenInItsCommit(10_085), committing('4-1/4063', 4900, 10_086), committed('4-1/4063')]
  expect(found(entries)).toEqual(['late-write', 'checkpoint-backwards'])
})

test('a checkpoint that went back is found by who sees it, and by who commits', () => {
  expect(found([...frozenInItsCommit(10_085), stood(10_844)])).toEqual([])
  expect(found([...frozenInItsCommit(10_085), stood(10_085)])).toEqual(['checkpoint-backwards'])
  const entries = [...frozenInItsCommit(10_085), committing('1-7/178', 5129, 10_843), committed('1-7/178')]
  expect(found(entries)).toEqual(['checkpoint-backwards'])
})

test('what is over may be begun anew by who has not heard of it', () => {
  const entries = [...frozenInItsCommit(10_085), { kind: 'forgetting', processor } as const, stood(0)]
  expect(found(entries)).toEqual([])
  expect(found([...entries, committing('4-1/4063', 4900, 1), committed('4-1/4063')])).toEqual(['late-write'])
})
