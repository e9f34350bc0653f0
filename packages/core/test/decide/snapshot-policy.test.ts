import { aggregate, event, type SnapshotPolicy } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const Added = event('Added', z.object({ by: z.number() }))

interface State {
  readonly sum: number
}

const add = (state: State, { data }: { data: { by: number } }): State => ({ sum: state.sum + data.by })

function sums(
  policy: SnapshotPolicy<State>,
  evolve = add,
  initial: State = { sum: 0 },
  events = [Added] as const,
) {
  return aggregate('sums', {
    events,
    commands: [],
    initial,
    evolve: { Added: evolve },
    decide: {},
    snapshots: policy,
  })
}

const hashOf = (...parameters: Parameters<typeof sums>) => sums(...parameters).snapshots?.hash

describe('a policy for snapshots', () => {
  test.each<[SnapshotPolicy<State>, string]>([
    [{ every: 0 }, 'every 0 events is no number of events'],
    [{ every: 2.5 }, 'every 2.5 events'],
    [{ at: '3:00' }, '"3:00" is no time of day'],
    [{ at: '24:00' }, '"24:00" is no time of day'],
    [{ at: '03:00', timeZone: 'Mars/Olympus' }, 'there is no time zone Mars/Olympus'],
    [{ every: 1, write: (state) => state }, 'write and read need each other'],
  ])('%o is refused', (policy, message) => {
    expect(() => sums(policy)).toThrow(message)
    expect(() => sums(policy)).toThrow(expect.objectContaining({ code: 'app.invalid' }))
  })

  test('is none where none is given', () => {
    const without = aggregate('sums', { events: [], commands: [], initial: {}, evolve: {}, decide: {} })
    expect(without.snapshots).toBeUndefined()
  })
})

describe('the hash of what makes a state', () => {
  test('is the same for the same code', () => {
    expect(hashOf({ every: 1 })).toBe(hashOf({ every: 100, at: '03:00' }))
  })

  test('is another one for another reducer, initial state, version or form', () => {
    const hashes = [
      hashOf({ every: 1 }),
      hashOf({ every: 1 }, (state, { data }) => ({ sum: state.sum - data.by })),
      hashOf({ every: 1 }, add, { sum: 1 }),
      hashOf({ every: 1, version: 2 }),
      hashOf({ every: 1, write: ({ sum }) => sum, read: (sum) => ({ sum: Number(sum) }) }),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  test('is another one for another upcaster', () => {
    const second = (upcast: (old: { amount: number }) => { by: number }) =>
      event('Added', z.object({ by: z.number() }), { version: 2, upcast: { 1: upcast } })
    const of = (type: ReturnType<typeof second>) =>
      aggregate('sums', {
        events: [type],
        commands: [],
        initial: { sum: 0 },
        evolve: { Added: add },
        decide: {},
        snapshots: { every: 1 },
      }).snapshots?.hash
    const one = of(second(({ amount }) => ({ by: amount })))
    expect(of(second(({ amount }) => ({ by: amount })))).toBe(one)
    expect(of(second(({ amount }) => ({ by: amount * 100 })))).not.toBe(one)
    expect(hashOf({ every: 1 })).not.toBe(one)
  })
})
