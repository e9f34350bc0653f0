import { aggregate, app, memoryStore, openStore } from '@headwater/core'
import { inMemory, inMemoryStore, type InMemory, virtualClock } from '@headwater/core/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../support/running.ts'
import { ItemOrdered, OrderItem, packed, postOffice } from '../support/post-office.ts'

const order = (purchaseId: string, item: string) => OrderItem({ purchaseId, item })

async function opened(...given: Parameters<typeof inMemory>): Promise<InMemory> {
  const headwater = await inMemory(...given)
  onTestFinished(() => headwater.close())
  return headwater
}

/** Everything that is in a log. */
async function logOf(headwater: Pick<InMemory, 'events'>) {
  const events = []
  for await (const event of headwater.events()) events.push(event.toJSON())
  return events
}

async function business(headwater: InMemory) {
  await headwater.execute(order('1', 'tea'))
  await Promise.all(['cup', 'pot', 'jug', 'mug'].map((item) => headwater.execute(order('2', item))))
  headwater.dispatch(order('3', 'tea'))
  await headwater.quiet()
  return logOf(headwater)
}

describe('an app in memory', () => {
  test('is quiet when all that follows has been done, through any number of reactions', async () => {
    const { definition, mails } = postOffice()
    const headwater = await opened(definition)
    await headwater.execute(order('1', 'tea'))
    await headwater.quiet()
    expect((await logOf(headwater)).map(({ type }) => type)).toEqual(['ItemOrdered', 'ParcelPacked'])
    expect(mails.all).toEqual(['tea'])
    expect(await headwater.view(packed).get('tea')).toMatchObject({ doc: { count: 1 } })
  })

  test('waits for what was handed over', async () => {
    const { definition, mails } = postOffice()
    const headwater = await opened(definition)
    headwater.dispatch(order('1', 'tea'))
    await headwater.quiet()
    expect(mails.all).toEqual(['tea'])
  })

  test('is the same in every run: ids, times, positions', async () => {
    const [one, other] = [await opened(postOffice().definition), await opened(postOffice().definition)]
    const log = await business(one)
    expect(log).toHaveLength(10)
    expect(await business(other)).toEqual(log)
  })

  test('has the log that the same app has on the machine’s time, but for ids and times', async () => {
    const virtual = await business(await opened(postOffice().definition))
    const { definition, mails } = postOffice()
    const real = await openStore(definition, memoryStore())
    onTestFinished(() => real.close())
    await real.execute(order('1', 'tea'))
    await Promise.all(['cup', 'pot', 'jug', 'mug'].map((item) => real.execute(order('2', item))))
    await real.execute(order('3', 'tea'))
    await until(() => mails.all.length === 5)
    const essence = (events: typeof virtual) =>
      events.map(({ type, stream, revision, actor }) => [stream, revision, type, actor].join(' ')).sort()
    expect(essence(await logOf(real))).toEqual(essence(virtual))
  })

  test('tries again after the pauses that the policy asks for, without anybody waiting for them', async () => {
    const { definition, mails, attempts } = postOffice(3)
    const headwater = await opened(definition, { at: '2026-11-01' })
    await headwater.execute(order('1', 'tea'))
    await headwater.clock.settled()
    expect([attempts, mails.all]).toEqual([[1], []])
    await headwater.clock.advance({ minutes: 1 })
    expect(attempts).toEqual([1, 2])
    await headwater.quiet()
    expect([attempts, mails.all]).toEqual([[1, 2, 3, 4], ['tea']])
    // 1 minute, 2 minutes, 4 minutes
    expect(new Date(headwater.clock.now()).toISOString()).toBe('2026-11-01T00:07:00.000Z')
  })

  test('parks what fails for good, at the clock’s time, and says so', async () => {
    const { definition, notify } = postOffice(99)
    const headwater = await opened(definition, { at: '2026-11-01' })
    await headwater.execute(order('1', 'tea'))
    await headwater.quiet()
    expect(await headwater.processor(notify).parked.list()).toMatchObject([
      { sequence: 'parcel-1-1', attempts: 5, parkedAt: new Date('2026-11-01T00:15:00Z') },
    ])
    expect(headwater.failures).toMatchObject([
      { error: { message: 'the mail service is down' }, source: { processor: 'notify' } },
    ])
  })

  test('records at the clock’s time, which commands see too', async () => {
    const headwater = await opened(postOffice().definition, { at: '2026-11-01' })
    await headwater.execute(order('1', 'tea'))
    await headwater.quiet()
    await headwater.clock.advance({ days: 31 })
    await headwater.execute(order('1', 'cup'))
    await headwater.quiet()
    const log = await logOf(headwater)
    expect(log.map(({ recordedAt }) => recordedAt.slice(0, 10))).toEqual([
      '2026-11-01',
      '2026-11-01',
      '2026-12-02',
      '2026-12-02',
    ])
    expect(log.at(-1)?.data).toMatchObject({ label: expect.stringMatching(/^2026-12-02 /) })
  })

  test('finds events by the ids that it made', async () => {
    const headwater = await opened(postOffice().definition)
    const { events } = await headwater.append('purchase-1', [ItemOrdered({ item: 'tea' })])
    expect(await headwater.event(events[0]?.id ?? '')).toMatchObject({ stream: 'purchase-1', revision: 1 })
  })

  test('goes on where another one on the same store stopped', async () => {
    const clock = virtualClock()
    const kept = inMemoryStore(clock)
    // Closing a store in memory would lose what it holds.
    const store = { ...kept, close: async () => undefined }
    const { definition, mails } = postOffice(99)
    const first = await inMemory(definition, { clock, store })
    await first.execute(order('1', 'tea'))
    await clock.settled()
    await first.close()
    const healed = postOffice()
    const second = await opened(healed.definition, { clock, store })
    await second.quiet()
    expect([mails.all, healed.mails.all]).toEqual([[], ['tea']])
  })

  test('lets a command wait for a lock that another process holds', async () => {
    const clock = virtualClock()
    const store = inMemoryStore(clock)
    const locked = aggregate('purchase', { ...purchaseParts, concurrency: 'lock' })
    const headwater = await opened(app({ name: 'locked', aggregates: [locked] }), { clock, store })
    const lease = await store.leases.acquire('lock:/purchase-1', 'another process', 40)
    expect(lease).toBeDefined()
    let isDone = false
    void headwater.execute(order('1', 'tea')).then(() => (isDone = true))
    await clock.settled()
    expect(isDone).toBe(false)
    await headwater.quiet()
    expect(isDone).toBe(true)
  })

  test('keeps its leases however much time passes', async () => {
    const headwater = await opened(app({ name: 'post', views: [packed] }))
    await headwater.clock.advance({ days: 36_500 })
    expect(await headwater.processor(packed).summary()).toMatchObject({ status: 'running' })
  })
})

const purchaseParts = {
  events: [ItemOrdered],
  commands: [OrderItem],
  initial: {},
  evolve: { ItemOrdered: () => ({}) },
  decide: { OrderItem: (_state: object, { item }: { item: string }) => ItemOrdered({ item }) },
} as const
