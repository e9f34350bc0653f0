import assert from 'node:assert/strict'
import type { AppendRequest } from '@headwater/core'
import { chase } from '../chase.ts'
import { law } from '../law.ts'
import { aCommand, anEvent, aRequest, readAll, record, to } from '../make.ts'
import { rounds, type Trial } from '../trial.ts'
import { startTask } from './start.ts'
import { numberedRequest, requestsRecorded } from './workload.ts'

const processes = ['one', 'two', 'three'] as const
const streams = Array.from({ length: 40 }, (_, index) => `race-${index}`)

/** Lets processes append at the same time; gives the outcomes by request, one of each process. */
async function raced(
  trial: Trial,
  requestsOf: (name: string) => readonly AppendRequest[],
): Promise<readonly string[][]> {
  await (await trial.open()).log.head(0)
  const started = processes.map((name) => startTask(trial, { kind: 'race', requests: requestsOf(name) }))
  await Promise.all(started.map((process) => process.told('ready')))
  for (const process of started) process.go()
  const told = await Promise.all(started.map((process) => process.told('raced')))
  return requestsOf('any').map((_, index) => told.map(({ statuses }) => statuses[index] ?? 'missing'))
}

function oneWins(outcomes: readonly string[][], others: string): void {
  for (const outcome of outcomes) {
    assert.deepEqual([...outcome].sort(), ['appended', ...processes.slice(1).map(() => others)].sort())
  }
}

export const processRaceLaws = [
  law(
    'processes that append to one database make one log without a gap',
    async (trial) => {
      const store = await trial.open()
      const count = 100 * rounds
      const events =
        processes.length *
        Array.from({ length: count }, (_, number) => 1 + (number % 3)).reduce((sum, size) => sum + size)
      const reader = startTask(trial, { kind: 'chase', until: events, limit: 17 })
      const writers = processes.map((writer) =>
        startTask(trial, { kind: 'append', writer, from: 0, count, callers: 4 }),
      )
      const writing = Promise.all(writers.map((writer) => writer.told('done'))).then(async () => {
        assert.equal((await store.log.head(0)).position, events, 'what was acknowledged is recorded')
      })
      const readers = [3, 200].map((limit) => chase(store.log, { limit, until: () => events }))
      const [, readThere, ...readHere] = await Promise.all([writing, reader.told('read'), ...readers])
      assert.equal(readThere.events, events)
      for (const read of readHere) assert.equal(read.length, events)
      const recorded = await requestsRecorded(store, await readAll(store.log))
      for (const [index, writer] of writers.entries()) {
        const acknowledged = writer.all('acknowledged')
        assert.equal(acknowledged.length, count)
        for (const { number, position } of acknowledged) {
          assert.equal(
            recorded.get(`${processes[index]}.${number}`),
            position,
            'it stands where it was acknowledged',
          )
        }
      }
    },
    'multiProcess',
  ),

  law(
    'one of several racing processes creates a stream',
    async (trial) => {
      const outcomes = await raced(trial, () => streams.map((stream) => aRequest([to(stream, 1, 'none')])))
      oneWins(outcomes, 'conflict')
    },
    'multiProcess',
  ),

  law(
    'one of several racing processes has a command id handled',
    async (trial) => {
      const outcomes = await raced(trial, (name) =>
        streams.map((stream) => aRequest([to(`${name}-1`)], { commandId: stream, command: aCommand() })),
      )
      oneWins(outcomes, 'duplicate')
      const events = await readAll((await trial.open()).log)
      assert.deepEqual(events.map(({ commandId }) => commandId).sort(), [...streams].sort())
    },
    'multiProcess',
  ),

  law(
    'one of several racing processes appends under a condition on one tag',
    async (trial) => {
      const outcomes = await raced(trial, (name) =>
        streams.map((tag) => {
          const conditions = [{ query: { items: [{ tags: [tag] }] }, after: 0 }]
          return aRequest([to(`${name}-1`, [anEvent({ tags: [tag] })])], { conditions })
        }),
      )
      oneWins(outcomes, 'condition-failed')
    },
    'multiProcess',
  ),

  law(
    'a listener hears of what another process appended',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1')
      const heard = Promise.withResolvers<void>()
      trial.onEnd(
        store.log.onAppended(() => {
          void store.log
            .head(0)
            .then(({ position }) => (position > 1 ? heard.resolve() : undefined), heard.reject)
        }),
      )
      startTask(trial, { kind: 'append', writer: 'one', from: 0, count: 1, callers: 1 })
      await heard.promise
    },
    'multiProcess',
  ),

  law(
    'a process sees at once what another one was acknowledged',
    async (trial) => {
      const store = await trial.open()
      await store.documents.define('things', [])
      const writer = startTask(trial, { kind: 'append', writer: 'one', from: 0, count: 20, callers: 1 })
      for (let number = 0; number < 20; number++) {
        const { position } = await writer.told('acknowledged', number + 1)
        assert.ok((await store.log.head(0)).position >= (position ?? Number.POSITIVE_INFINITY))
        assert.ok(await store.commands.find(0, '', numberedRequest('one', number).commandId))
      }
    },
    'multiProcess',
  ),
]
