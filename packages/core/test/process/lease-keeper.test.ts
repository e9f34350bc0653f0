import { memoryStore, systemClock } from '@headwater/core'
import { expect, it } from 'vitest'
import { LeaseKeeper } from '../../src/process/lease-keeper.ts'
import { until } from '../support/running.ts'

/** Which clockworks run: those that nobody stopped keep a process from ending. */
function countingClock() {
  const running = new Set<() => void>()
  return {
    running,
    clock: {
      ...systemClock,
      every: (_milliseconds: number, work: () => void) => {
        running.add(work)
        return () => running.delete(work)
      },
    },
  }
}

it('renews nothing any more when its last lease was lost, and can acquire again', async () => {
  let now = 1_000
  const { leases } = memoryStore({ now: () => now })
  const { running, clock } = countingClock()
  const keeper = new LeaseKeeper({ leases, clock, duration: 500, onError: () => undefined })
  let lost = 0
  const lease = await keeper.acquire('work', 'one', () => (lost += 1))
  expect(running.size).toBe(1)
  now = 2_000
  expect(await leases.acquire('work', 'other', 500)).toBeDefined()
  for (const renew of running) renew()
  await until(() => lost === 1)
  expect(running.size).toBe(0)
  if (lease !== undefined) await keeper.release(lease)
  expect(lost).toBe(1)
  now = 3_000
  const again = await keeper.acquire('work', 'one', () => undefined)
  expect(running.size).toBe(1)
  if (again !== undefined) await keeper.release(again)
  expect(running.size).toBe(0)
})
