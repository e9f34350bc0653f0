import assert from 'node:assert/strict'
import { law } from '../law.ts'
import { aCommand, appended, aRequest, readAll, statuses, to } from '../make.ts'

/** Long before any clock that a store has. */
const longAgo = 1_000_000_000_000

export const copyLaws = [
  law(
    'a copy keeps the time at which it was recorded, and its command the time of its decision',
    async (trial) => {
      const store = await trial.open()
      const copy = aRequest([to('a-1', 2)], { command: aCommand(), recordedAt: longAgo })
      const result = await appended(store.log, copy)
      assert.equal(result.recordedAt, longAgo)
      assert.deepEqual(
        (await readAll(store.log)).map(({ recordedAt }) => recordedAt),
        [longAgo, longAgo],
      )
      assert.equal((await store.commands.find(0, '', copy.commandId))?.decidedAt, longAgo)
    },
  ),

  law('a rejection that is copied keeps the time of its decision', async (trial) => {
    const store = await trial.open()
    const copy = aRequest([to('a-1', 0)], {
      command: aCommand({ status: 'rejected', reason: '{"code":"no"}' }),
      recordedAt: longAgo,
    })
    await appended(store.log, copy)
    assert.equal((await store.commands.find(0, '', copy.commandId))?.decidedAt, longAgo)
  }),

  law('a rejection that is copied moves no time of an event', async (trial) => {
    const store = await trial.open()
    const command = aCommand({ status: 'rejected', reason: '{"code":"no"}' })
    await appended(store.log, aRequest([to('a-1')], { recordedAt: longAgo }))
    await appended(store.log, aRequest([], { command, recordedAt: longAgo + 100 }))
    const { recordedAt } = await appended(store.log, aRequest([to('a-1')], { recordedAt: longAgo + 50 }))
    assert.equal(recordedAt, longAgo + 50)
  }),

  law('copies of one append keep a time each, and it never goes backwards', async (trial) => {
    const { log } = await trial.open()
    const times = [5, 3, 9, 8, 8, 20].map((time) => longAgo + time)
    const results = await log.append(
      times.map((recordedAt, index) => aRequest([to(`a-${index % 2}`)], { recordedAt })),
    )
    const expected = [5, 5, 9, 9, 9, 20].map((time) => longAgo + time)
    assert.deepEqual(
      results.map((result) => result.status === 'appended' && result.recordedAt),
      expected,
    )
    assert.deepEqual(
      (await readAll(log)).map(({ recordedAt }) => recordedAt),
      expected,
    )
    assert.equal(await log.positionAt(0, longAgo + 9), 3)
  }),

  law(
    'what is appended after a copy has the clock’s time, or the copy’s where that is later',
    async (trial) => {
      const { log } = await trial.open()
      await appended(log, aRequest([to('a-1')], { recordedAt: longAgo }))
      const now = await appended(log, aRequest([to('a-1')]))
      assert.ok(now.recordedAt > longAgo, 'it was recorded now')
      const ahead = now.recordedAt + 86_400_000
      await appended(log, aRequest([to('a-1')], { recordedAt: ahead }))
      assert.equal((await appended(log, aRequest([to('a-1')]))).recordedAt, ahead)
    },
  ),

  law('a copy that was recorded at no time fails alone', async (trial) => {
    const { log } = await trial.open()
    const faulty = [Number.NaN, Number.POSITIVE_INFINITY, 1.5].map((recordedAt) =>
      aRequest([to('b-1')], { recordedAt }),
    )
    const results = await log.append([aRequest([to('a-1')]), ...faulty, aRequest([to('c-1')])])
    assert.deepEqual(statuses(results), ['appended', 'failed', 'failed', 'failed', 'appended'])
    assert.deepEqual(
      (await readAll(log)).map(({ position, stream }) => [position, stream]),
      [
        [1, 'a-1'],
        [2, 'c-1'],
      ],
    )
  }),
]
