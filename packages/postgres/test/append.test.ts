import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { anEvent, aRequest, positionsOf, upTo } from './requests.ts'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('an append in PostgreSQL', () => {
  it('fails alone where an index could not hold a name', async () => {
    const store = await openTrial({ database: randomUUID() })
    const long = Array.from({ length: 10_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('')
    const results = await store.log.append([aRequest('a-1'), aRequest(long), aRequest('b-1')])
    expect(results.map(({ status }) => status)).toEqual(['appended', 'failed', 'appended'])
    expect(await positionsOf(store)).toEqual([1, 2])
    await store.close()
  })

  it('fails alone where PostgreSQL could not hold a text', async () => {
    const store = await openTrial({ database: randomUUID() })
    const results = await store.log.append([aRequest('a-\0'), aRequest('a-\ud800'), aRequest('b-1')])
    expect(results.map(({ status }) => status)).toEqual(['failed', 'failed', 'appended'])
    await store.close()
  })

  it('keeps payloads that are no text for PostgreSQL as they are', async () => {
    const store = await openTrial({ database: randomUUID() })
    const payloads = ['\0', 'half \ud800', '', Uint8Array.of(), Uint8Array.of(0, 255)]
    const events = payloads.map((data) => ({ ...anEvent, data }))
    await store.log.append([aRequest('a-1', { streams: [{ stream: 'a-1', expected: 'any', events }] })])
    const page = await store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 10 })
    expect(page.events.map(({ data }) => data)).toEqual(payloads)
    await store.close()
  })

  it('goes on where another process has appended to a stream that this one remembers', async () => {
    const database = randomUUID()
    const [one, other] = [await openTrial({ database }), await openTrial({ database })]
    const revisions: (readonly number[] | undefined)[] = []
    for (const store of [one, one, other, other, one, other]) {
      const [result] = await store.log.append([aRequest('a-1')])
      revisions.push(result?.status === 'appended' ? result.revisions : undefined)
    }
    expect(revisions).toEqual([[1], [2], [3], [4], [5], [6]])
    expect(await positionsOf(one)).toEqual([1, 2, 3, 4, 5, 6])
    await Promise.all([one.close(), other.close()])
  })

  it('tells the true revision where another process has appended to a stream that this one remembers', async () => {
    const database = randomUUID()
    const [one, other] = [await openTrial({ database }), await openTrial({ database })]
    await one.log.append([aRequest('a-1')])
    await one.log.append([aRequest('a-1')])
    await other.log.append([aRequest('a-1')])
    const streams = [{ stream: 'a-1', expected: 2, events: [anEvent] }]
    expect(await one.log.append([aRequest('', { streams })])).toEqual([
      { status: 'conflict', stream: 'a-1', expected: 2, actual: 3 },
    ])
    await Promise.all([one.close(), other.close()])
  })

  it('is numbered without gaps while many stores append to one log', async () => {
    const database = randomUUID()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openTrial({ database })))
    await Promise.all(
      stores.map(async ({ log }, writer) => {
        for (let round = 0; round < 20; round += 1)
          await log.append([aRequest('shared-1'), aRequest(`own-${writer}`)])
      }),
    )
    expect(await positionsOf(stores[0]!)).toEqual(upTo(160))
    await Promise.all(stores.map((store) => store.close()))
  })
})
