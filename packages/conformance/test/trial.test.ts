import { memoryStore } from '@headwater/core'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import { law, reasonToSkip } from '../src/law.ts'
import { forAny } from '../src/property.ts'
import { hold } from '../src/register.ts'
import type { Capabilities, MakeStore } from '../src/subject.ts'
import { rounds } from '../src/trial.ts'
import { isFinding } from './faults/finding.ts'
import { replaced } from './faults/replaced.ts'

/** Stores that say what is done with them. */
function watched(capabilities: Capabilities = {}, close: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = []
  const makeStore: MakeStore = ({ database }) => {
    done.push(`open ${database}`)
    const store = memoryStore()
    return replaced(store, {
      close: async () => {
        done.push(`close ${database}`)
        await close()
      },
    })
  }
  const remove = (database: string): unknown => done.push(`remove ${database}`)
  return { done, makeStore, capabilities: { ...capabilities, remove } }
}

describe('a trial', () => {
  test('closes all that was opened, the last one first, and then has its database removed', async () => {
    const { done, makeStore, capabilities } = watched()
    let database = ''
    const opening = law('', async (trial) => {
      database = trial.database
      await trial.open()
      await trial.over((store) => store).open()
    })
    await hold(opening, makeStore, capabilities)
    const before = done.filter((line) => !line.endsWith(database))
    expect(before.map((line) => line.split(' ')[0])).toEqual(['open', 'close', 'remove'])
    expect(done.filter((line) => line.endsWith(database))).toEqual([
      `open ${database}`,
      `close ${database}`,
      `remove ${database}`,
    ])
  })

  test('goes on to close what is left when something can’t be closed, and tells all of it', async () => {
    const failing = watched({}, () => Promise.reject(new Error('it hangs')))
    const opening = law('', async (trial) => {
      await trial.open()
      await trial.open()
    })
    await expect(hold(opening, failing.makeStore, failing.capabilities)).rejects.toMatchObject({
      errors: [{ message: 'it hangs' }, { message: 'it hangs' }],
    })
    expect(failing.done.map((line) => line.split(' ')[0])).toEqual([
      'open',
      'open',
      'close',
      'close',
      'remove',
    ])
  })

  test('tells what it found, also when it can’t be ended after it', async () => {
    const { makeStore, capabilities } = watched({}, () => Promise.reject(new Error('it hangs')))
    const finding = law('', async (trial) => {
      await trial.open()
      assert.fail('found')
    })
    await expect(hold(finding, makeStore, capabilities)).rejects.toSatisfy(isFinding)
  })
})

describe('a property', () => {
  const opened = (runs: number) =>
    law('', (trial) =>
      forAny(
        trial,
        [fc.nat()],
        async (part) => {
          await part.open()
        },
        { runs },
      ),
    )

  test('has a database of its own for each run, which is closed and removed when the run ends', async () => {
    const { done, makeStore, capabilities } = watched()
    await hold(opened(3), makeStore, capabilities)
    const runs = done.slice(0, -1).map((line) => line.split(' '))
    expect(runs.map(([what]) => what)).toEqual(
      Array.from({ length: 3 * rounds }, () => ['open', 'close', 'remove']).flat(),
    )
    expect(new Set(runs.map(([, database]) => database)).size).toBe(3 * rounds)
  })

  test('leaves nothing open of the runs that failed', async () => {
    const { done, makeStore, capabilities } = watched()
    const failing = law('', (trial) =>
      forAny(
        trial,
        [fc.nat()],
        async (part, number) => {
          await part.open()
          assert.ok(number < 10)
        },
        { runs: 100 },
      ),
    )
    await expect(hold(failing, makeStore, capabilities)).rejects.toSatisfy(isFinding)
    const count = (what: string): number => done.filter((line) => line.startsWith(what)).length
    expect(count('open')).toBeGreaterThan(1)
    expect(count('close')).toBe(count('open'))
  })

  test.each([
    { slow: false, runs: 5 },
    { slow: true, runs: 3 },
  ])('of 5 runs has $runs in a store whose slowness is $slow', async ({ slow, runs }) => {
    const { done, makeStore, capabilities } = watched({ slow })
    await hold(opened(5), makeStore, capabilities)
    expect(done.filter((line) => line.startsWith('open'))).toHaveLength(runs * rounds)
  })
})

test('of the two laws about leases of a store that was closed, each store is held to one', () => {
  const lasting = law('', () => Promise.resolve(), 'lastingLeases')
  const bound = law('', () => Promise.resolve(), 'boundLeases')
  const reasons = (capabilities: Capabilities) =>
    [lasting, bound].map((one) => reasonToSkip(one, capabilities))
  expect(reasons({})).toEqual([undefined, 'a lease lasts until it runs out'])
  expect(reasons({ leasesEndWithStore: true })).toEqual([
    'a lease ends with the store of its holder',
    undefined,
  ])
})
