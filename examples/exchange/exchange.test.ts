import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Headwater, open, type OpenDatabaseOptions } from 'headwater'
import { spec } from 'headwater/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import exchange from './app.ts'
import { bank } from './bank.ts'
import { book } from './book.ts'
import { booking, dollarRate } from './externals.ts'
import { Exchange, Exchanged, purse } from './purse.ts'
import { Worth } from './worth.ts'

async function running(options: Partial<OpenDatabaseOptions> = {}): Promise<Headwater> {
  const headwater = await open(exchange, { db: 'memory:', ...options })
  onTestFinished(() => headwater.close())
  return headwater
}

const hundred = Exchange({ purseId: 'ada', of: 'EUR', amount: 100 })

describe('by the rate that the bank names', () => {
  const atTwo = spec(purse).answering(dollarRate, { rate: 2 })

  test('dollars are bought', () => {
    atTwo.when(hundred).then(Exchanged({ of: 'EUR', amount: 100, rate: 2, dollars: 200 }))
  })

  test('nothing is bought for less than one wants', () => {
    atTwo
      .when(Exchange({ purseId: 'ada', of: 'EUR', amount: 100, atLeast: 2.5 }))
      .thenRejected('rate-too-low', { data: { rate: 2 } })
  })

  test('nothing is bought while the bank is silent', () => {
    spec(purse).answering(dollarRate, new Error('no line')).when(hundred).thenFails('external.failed')
  })
})

test('what was exchanged is booked', async () => {
  await spec(exchange)
    .answering(dollarRate, ({ of }) => ({ rate: of === 'EUR' ? 2 : 1 }))
    .answering(booking, { booking: 'booking 1' })
    .when(hundred)
    .thenRecorded('purse-ada', Exchanged({ of: 'EUR', amount: 100, rate: 2, dollars: 200 }))
})

test('a booking that fails is tried again', async () => {
  await spec(book)
    .answering(booking, new Error('no line'))
    .when('purse-ada', Exchanged({ of: 'EUR', amount: 100, rate: 2, dollars: 200 }))
    .thenThrows('booking failed: no line')
})

test('the log has the rate that was asked for, and the journal where it came from', async () => {
  const headwater = await running()
  await headwater.execute(hundred, { id: 'first' })
  const [event] = (await headwater.readStream('purse-ada')).events
  const [call] = await headwater.externals.calls({ external: 'dollar-rate' })
  expect(event?.data).toMatchObject(call?.answer as object)
  expect(call?.caller).toMatchObject({ kind: 'command', name: 'Exchange', id: 'first' })
})

test('booking goes on over a restart, and nothing is booked twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'exchange-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const db = join(folder, 'exchange.db')
  bank.booked.clear()
  const first = await open(exchange, { db, processors: false })
  await first.execute(hundred)
  await first.close()
  expect(bank.booked.size).toBe(0)
  const second = await running({ db })
  await second.processor(book).waitFor((await second.head()).position)
  expect([...bank.booked.values()]).toEqual([{ of: 'EUR', amount: 100 }])
  await second
    .processor(book)
    .reset({ to: 'beginning', repeatEffects: true, why: 'to see whether it books again' })
  await expect.poll(async () => (await second.processor(book).summary()).position).toBe(1)
  expect(bank.booked.size).toBe(1)
  expect(second.externals.list().find(({ name }) => name === 'booking')?.counts.blocked).toBe(0)
})

test('what a purse is worth depends on when one asks', async () => {
  const headwater = await running()
  await headwater.execute(hundred)
  const [once, again] = [
    await headwater.query(Worth({ purseId: 'ada', in: 'EUR' })),
    await headwater.query(Worth({ purseId: 'ada', in: 'EUR' })),
  ]
  expect(once.rate).not.toBe(again.rate)
  const recorded = await open(exchange, { db: 'memory:', externals: 'recorded' })
  onTestFinished(() => recorded.close())
  await expect(recorded.query(Worth({ purseId: 'ada', in: 'EUR' }))).rejects.toMatchObject({
    code: 'external.blocked',
  })
})
