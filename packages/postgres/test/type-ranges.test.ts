import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { anEvent, aRequest } from './requests.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

describe.skipIf(server === undefined)('the ranges of positions that hold a type', () => {
  it('are all noted, though an append doesn’t note those again that it knows of', async () => {
    const database = randomUUID()
    const schema = schemaOf(database)
    const stores = [await openTrial({ database }), await openTrial({ database })]
    const missing = async () =>
      administer(
        `SELECT DISTINCT type, (position - 1) / 1024 FROM ${schema}.events
          EXCEPT SELECT type, range FROM ${schema}.type_ranges`,
      )
    // One event and many, of one type and two, up to a range's last position and beyond, by this process and another.
    const sizes = [1, 1, 1_000, 21, 1, 1, 5, 1, 1_016, 1, 1, 1, 3_000, 1, 1]
    for (const [index, size] of sizes.entries()) {
      const types = index % 3 === 0 ? ['Even', 'Odd'] : ['Even']
      const events = Array.from({ length: size }, (_, n) => ({
        ...anEvent,
        type: types[n % types.length] ?? 'Even',
      }))
      const stream = `s-${index}`
      const request = aRequest(stream, { streams: [{ stream, expected: 'any', events }] })
      expect(await stores[index % 8 === 6 ? 1 : 0]?.log.append([request])).toMatchObject([
        { status: 'appended' },
      ])
      expect(await missing()).toEqual([])
    }
    await Promise.all(stores.map((store) => store.close()))
  })
})
