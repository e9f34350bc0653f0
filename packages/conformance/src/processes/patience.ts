import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { law } from '../law.ts'
import { appended, appendOne, aRequest, record, to } from '../make.ts'
import { startTask } from './start.ts'

const lockedFor = 500
/** Milliseconds; far from those of the lock, and far above what an event loop of a busy machine takes by itself. */
const longestAllowed = 50

export const patienceLaws = [
  law(
    'an append waits for another program’s write lock, without an error',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1')
      const locker = startTask(trial, { kind: 'lock', milliseconds: lockedFor })
      await locker.told('locked')
      const results = await Promise.all([1, 2, 3].map((n) => appendOne(store.log, aRequest([to(`b-${n}`)]))))
      assert.deepEqual(
        results.map(({ status }) => status),
        ['appended', 'appended', 'appended'],
      )
      assert.ok(locker.all('done').length === 1 || (await locker.told('done')), 'the lock was let go of')
    },
    'multiProcess',
  ),

  law(
    'an append that waits for another program’s write lock leaves the event loop free',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1')
      const longest: number[] = []
      // One long turn may be the machine's; a store that blocks does so every time.
      while (longest.length < 5 && !longest.some((turn) => turn < longestAllowed)) {
        const locker = startTask(trial, { kind: 'lock', milliseconds: lockedFor })
        await locker.told('locked')
        longest.push(await longestTurn(() => appended(store.log, aRequest([to('a-1')]))))
        await locker.told('done')
      }
      assert.ok(
        longest.some((turn) => turn < longestAllowed),
        `the longest turns took ${longest.map(Math.round).join(', ')} ms`,
      )
    },
    'multiProcess',
  ),

  law(
    'reads go on while another program holds the write lock',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1', 3)
      const locker = startTask(trial, { kind: 'lock', milliseconds: 5_000 })
      await locker.told('locked')
      assert.equal(
        (await store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 10 })).events.length,
        3,
      )
      assert.equal((await store.log.head(0)).position, 3)
      assert.equal(await store.progress.checkpoint('totals', 0), undefined)
      assert.equal(locker.all('done').length, 0, 'the lock was still held')
      await locker.kill()
    },
    'multiProcess',
  ),
]

/** How long the event loop was kept from turning while something was done, in milliseconds. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [last, longest] = [performance.now(), 0]
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  try {
    await work()
    // A turn that is over only now counts too.
    await pause(5)
    look()
    return longest
  } finally {
    clearInterval(timer)
  }
}
