import assert from 'node:assert/strict'
import type { Log } from '@headwater/core'
import { law } from '../law.ts'
import { aCommand, anEvent, appendOne, aRequest, readAll, readStreamFully, statuses, to } from '../make.ts'
import { chase } from '../chase.ts'
import { rounds } from '../trial.ts'

const racers = Array.from({ length: 64 }, (_, index) => index)

export const raceLaws = [
  law('readers that chase racing writers read every position, in order, with no gap', async (trial) => {
    const { log } = await trial.open()
    const [writers, appends] = [8, 40 * rounds]
    const written: { total?: number } = {}
    const writing = Promise.all(
      Array.from({ length: writers }, (_, writer) => write(log, writer, appends)),
    ).then(async (counts) => {
      const total = counts.reduce((sum, count) => sum + count, 0)
      assert.equal((await log.head(0)).position, total, 'what was acknowledged is recorded')
      written.total = total
    })
    const reading = [1, 7, 100].map((limit) => chase(log, { limit, until: () => written.total }))
    const [, ...read] = await Promise.all([writing, ...reading])
    for (const events of read) assert.equal(events.length, written.total)
  }),

  law('one of 64 racing creators of a stream wins', async (trial) => {
    const { log } = await trial.open()
    for (let round = 0; round < 5 * rounds; round++) {
      const stream = `race-${round}`
      const results = await Promise.all(racers.map(() => appendOne(log, aRequest([to(stream, 1, 'none')]))))
      assert.equal(results.filter(({ status }) => status === 'appended').length, 1)
      assert.equal(results.filter(({ status }) => status === 'conflict').length, 63)
      assert.equal((await readStreamFully(log, stream)).length, 1)
    }
  }),

  law('one of 64 creators of a stream in one append wins', async (trial) => {
    const { log } = await trial.open()
    const results = await log.append(racers.map(() => aRequest([to('a-1', 1, 'none')])))
    assert.equal(statuses(results).filter((status) => status === 'appended').length, 1)
    assert.equal((await readAll(log)).length, 1)
  }),

  law('racing increments at an expected revision lose no update', async (trial) => {
    const { log } = await trial.open()
    const increment = async (): Promise<void> => {
      for (;;) {
        const { revision } = await log.readStream({
          branch: 0,
          tenant: '',
          stream: 'a-1',
          after: 0,
          limit: 1,
        })
        const { status } = await appendOne(
          log,
          aRequest([to('a-1', [anEvent({ data: `${revision + 1}` })], revision)]),
        )
        if (status === 'appended') return
        assert.equal(status, 'conflict')
      }
    }
    await Promise.all(racers.slice(0, 16).map(increment))
    const numbers = (await readStreamFully(log, 'a-1')).map(({ data }) => Number(data))
    assert.deepEqual(
      numbers,
      racers.slice(0, 16).map((index) => index + 1),
    )
  }),

  law('racing appends to several streams are recorded whole or not at all', async (trial) => {
    const { log } = await trial.open()
    const results = await Promise.all(
      racers.map((index) =>
        appendOne(log, aRequest([to(`own-${index}`, 1, 'none'), to(`shared-${index % 8}`, 1, 'none')])),
      ),
    )
    const events = await readAll(log)
    assert.equal(results.filter(({ status }) => status === 'appended').length, 8)
    assert.equal(events.length, 16)
    for (let position = 1; position <= events.length; position += 2) {
      assert.equal(
        events[position - 1]?.commandId,
        events[position]?.commandId,
        'the events of a request stand together',
      )
    }
  }),

  law('one of 64 racing repeats of a command id is recorded', async (trial) => {
    const { log } = await trial.open()
    const repeat = aRequest([to('a-1')], { command: aCommand() })
    const results = await Promise.all(racers.map(() => appendOne(log, repeat)))
    assert.equal(results.filter(({ status }) => status === 'appended').length, 1)
    assert.equal(results.filter(({ status }) => status === 'duplicate').length, 63)
    assert.equal((await readAll(log)).length, 1)
  }),

  law('one of 64 racing appends under a condition on one type wins', async (trial) => {
    const { log } = await trial.open()
    const conditions = [{ query: { items: [{ types: ['SeatTaken'] }] }, after: 0 }]
    const event = anEvent({ type: 'SeatTaken' })
    const requests = racers.map((index) => aRequest([to(`booking-${index}`, [event])], { conditions }))
    const results = await Promise.all(requests.map((request) => appendOne(log, request)))
    assert.equal(results.filter(({ status }) => status === 'appended').length, 1)
    assert.equal(results.filter(({ status }) => status === 'condition-failed').length, 63)
    assert.equal((await readAll(log)).length, 1)
  }),

  law('racing appends that read before they write count each other', async (trial) => {
    const { log } = await trial.open()
    const seats = 5
    const query = { items: [{ tags: ['show:1'] }] }
    const book = async (index: number): Promise<boolean> => {
      for (;;) {
        const page = await log.read({ branch: 0, tenant: '', after: 0, limit: 1_000, query })
        if (page.events.length >= seats) return false
        const event = anEvent({ tags: ['show:1', `booking:${index}`] })
        const conditions = [{ query, after: page.head }]
        const { status } = await appendOne(log, aRequest([to(`booking-${index}`, [event])], { conditions }))
        if (status === 'appended') return true
        assert.equal(status, 'condition-failed')
      }
    }
    const booked = await Promise.all(racers.slice(0, 16).map(book))
    assert.equal(booked.filter(Boolean).length, seats)
    assert.equal((await readAll(log)).length, seats)
  }),

  law(
    'readers see recorded times that never go backwards, while the clock does and writers race',
    async (trial) => {
      let calls = 0
      const { log } = await trial.open(() => 1_000_000 + ((++calls * 7_919) % 1_000))
      await Promise.all([1, 2, 3, 4].map((writer) => write(log, writer, 20)))
      const { position } = await log.head(0)
      const events = await chase(log, { limit: 10, until: () => position })
      assert.equal(events.length, position)
    },
    'virtualTime',
  ),

  law('one of 64 racing appends under a condition on one tag wins', async (trial) => {
    const { log } = await trial.open()
    const conditions = [{ query: { items: [{ tags: ['seat:1'] }] }, after: 0 }]
    const event = anEvent({ tags: ['seat:1'] })
    const requests = racers.map((index) => aRequest([to(`booking-${index}`, [event])], { conditions }))
    const results = await Promise.all(requests.map((request) => appendOne(log, request)))
    assert.equal(results.filter(({ status }) => status === 'appended').length, 1)
    assert.equal(results.filter(({ status }) => status === 'condition-failed').length, 63)
    assert.equal((await readAll(log)).length, 1)
  }),
]

/** Appends requests of one to three events, several at once, and gives the number of events. */
async function write(log: Log, writer: number, appends: number): Promise<number> {
  let count = 0
  for (let round = 0; round < appends; round += 1) {
    const requests = Array.from({ length: 1 + (round % 3) }, (_, index) => {
      const own = to(`writer_${writer}-${index}`, 1 + ((round + index) % 3))
      return aRequest(round % 5 === 0 ? [own, to('shared-1')] : [own])
    })
    for (const request of requests) for (const { events } of request.streams) count += events.length
    for (const result of await log.append(requests)) assert.equal(result.status, 'appended')
  }
  return count
}
