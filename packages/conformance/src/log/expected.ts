import assert from 'node:assert/strict'
import type { ExpectedRevision } from '@headwater/core'
import { law } from '../law.ts'
import { appendOne, aRequest, readAll, record, statuses, to } from '../make.ts'

const cases: readonly (readonly [
  expected: ExpectedRevision,
  revision: number,
  holds: boolean,
  sentence: string,
])[] = [
  ['any', 0, true, '‘any’ appends to a stream without events'],
  ['any', 3, true, '‘any’ appends to a stream with events'],
  ['none', 0, true, '‘none’ appends to a stream without events'],
  ['none', 3, false, '‘none’ conflicts with a stream that has events'],
  ['exists', 0, false, '‘exists’ conflicts with a stream without events'],
  ['exists', 3, true, '‘exists’ appends to a stream with events'],
  [3, 3, true, 'a number appends to a stream at that revision'],
  [2, 3, false, 'a number conflicts with a stream that has gone further'],
  [4, 3, false, 'a number conflicts with a stream that has not come so far'],
  [1, 0, false, 'a number conflicts with a stream without events'],
  [0, 0, true, 'the number 0 appends to a stream without events'],
  [0, 1, false, 'the number 0 conflicts with a stream that has events'],
]

export const expectedRevisionLaws = [
  ...cases.map(([expected, revision, holds, sentence]) =>
    law(sentence, async (trial) => {
      const store = await trial.open()
      if (revision > 0) await record(store, 'a-1', revision)
      const result = await appendOne(store.log, aRequest([to('a-1', 2, expected)]))
      if (holds) assert.equal(result.status, 'appended')
      else assert.deepEqual(result, { status: 'conflict', stream: 'a-1', expected, actual: revision })
      assert.equal((await store.log.head(0)).position, holds ? revision + 2 : revision)
    }),
  ),

  ...cases.map(([expected, revision, holds, sentence]) =>
    law(`without events: ${sentence}`, async (trial) => {
      const store = await trial.open()
      if (revision > 0) await record(store, 'a-1', revision)
      const result = await appendOne(store.log, aRequest([to('a-1', 0, expected)]))
      assert.equal(result.status, holds ? 'appended' : 'conflict')
    }),
  ),

  law('a conflict on one stream of a request records nothing on the others', async (trial) => {
    const store = await trial.open()
    await record(store, 'b-1')
    const result = await appendOne(store.log, aRequest([to('a-1'), to('b-1', 1, 'none'), to('c-1')]))
    assert.deepEqual(result, { status: 'conflict', stream: 'b-1', expected: 'none', actual: 1 })
    assert.deepEqual(
      (await readAll(store.log)).map(({ stream }) => stream),
      ['b-1'],
    )
  }),

  law('a conflict on a stream that is only checked records nothing on the others', async (trial) => {
    const store = await trial.open()
    const result = await appendOne(store.log, aRequest([to('a-1'), to('b-1', 0, 'exists')]))
    assert.equal(result.status, 'conflict')
    assert.deepEqual(await readAll(store.log), [])
  }),

  law('a conflict in one request leaves the others of the append untouched', async (trial) => {
    const store = await trial.open()
    await record(store, 'b-1')
    const requests = [aRequest([to('a-1', 2)]), aRequest([to('b-1', 2, 'none')]), aRequest([to('c-1', 2)])]
    assert.deepEqual(statuses(await store.log.append(requests)), ['appended', 'conflict', 'appended'])
    assert.deepEqual(
      (await readAll(store.log)).map(({ position, stream }) => [position, stream]),
      [
        [1, 'b-1'],
        [2, 'a-1'],
        [3, 'a-1'],
        [4, 'c-1'],
        [5, 'c-1'],
      ],
    )
  }),

  law('of two creators of a stream in one append the first one wins', async (trial) => {
    const { log } = await trial.open()
    const results = await log.append([aRequest([to('a-1', 1, 'none')]), aRequest([to('a-1', 1, 'none')])])
    assert.deepEqual(statuses(results), ['appended', 'conflict'])
    assert.equal((await log.head(0)).position, 1)
  }),

  law('a request sees what the ones before it in the same append recorded', async (trial) => {
    const { log } = await trial.open()
    const requests = [
      aRequest([to('a-1', 2, 'none')]),
      aRequest([to('a-1', 1, 2)]),
      aRequest([to('a-1', 1, 2)]),
      aRequest([to('a-1', 1, 'exists')]),
      aRequest([to('b-1', 1, 'exists')]),
    ]
    assert.deepEqual(statuses(await log.append(requests)), [
      'appended',
      'appended',
      'conflict',
      'appended',
      'conflict',
    ])
    assert.deepEqual(
      (await readAll(log)).map(({ revision }) => revision),
      [1, 2, 3, 4],
    )
  }),

  law('a request does not see what one that conflicted wanted to record', async (trial) => {
    const { log } = await trial.open()
    const requests = [aRequest([to('a-1'), to('b-1', 1, 'exists')]), aRequest([to('a-1', 1, 'none')])]
    assert.deepEqual(statuses(await log.append(requests)), ['conflict', 'appended'])
  }),
]
