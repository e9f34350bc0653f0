import assert from 'node:assert/strict'
import { type EventRow, type SegmentFinding, segmentsOf, type Store } from '@headwater/core'
import fc from 'fast-check'
import { law } from './law.ts'
import { anEvent, appended, aRequest, record, to } from './make.ts'
import { forAny } from './property.ts'

/** The same events at the same times, whichever store records them. */
async function recordKnown(store: Store, count = 10): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const data = number % 3 === 0 ? Uint8Array.of(0, number, 255) : `{"text":"Größe ${number} 🌊"}`
    await appended(
      store.log,
      aRequest([to(`s-${number % 4}`, [anEvent({ data, version: number, occurredAt: -number * 1_000 })])], {
        tenant: number % 2 === 0 ? 'north' : '',
        commandId: `known-${number}`,
        actor: number % 5 === 0 ? 'ada' : null,
        correlationId: number % 4 === 0 ? `c-${number}` : null,
        causationId: number % 2 === 0 ? '' : null,
        recordedAt: 1_700_000_000_000 + number,
      }),
    )
  }
}

const hashes = async (store: Store) =>
  (await Array.fromAsync(segmentsOf(store).list())).map(({ number, first, last, hash }) => {
    return { number, first, last, hash }
  })

/** The store, if somebody had changed what its log holds. */
function changed(store: Store, change: (rows: EventRow[]) => EventRow[]): Store {
  const read: Store['log']['read'] = async (query) => {
    const page = await store.log.read(query)
    return { ...page, events: change([...page.events]) }
  }
  const log = new Proxy(store.log, {
    get: (target, name) => (name === 'read' ? read : Reflect.get(target, name, target)),
  })
  return { ...store, log }
}

async function differing(store: Store): Promise<readonly number[]> {
  const findings: SegmentFinding[] = await Array.fromAsync(segmentsOf(store).verify())
  return findings.filter(({ difference }) => difference !== null).map(({ number }) => number)
}

/** Another value of the same column. */
function another(value: unknown, bit: number): unknown {
  if (typeof value === 'number') return value + 1 + bit
  if (typeof value === 'string') return bit % 2 === 0 ? `${value}x` : value.slice(1) || null
  if (value instanceof Uint8Array)
    return value.length === 0 ? Uint8Array.of(0) : value.map((byte, index) => (index === 0 ? byte ^ 1 : byte))
  return ''
}

const columns = [
  ...([
    'position',
    'tenant',
    'stream',
    'revision',
    'type',
    'version',
    'commandId',
    'ordinal',
    'recordedAt',
  ] as const),
  ...(['occurredAt', 'actor', 'correlationId', 'causationId', 'data'] as const),
]

export const segmentLaws = [
  law('segments are sealed whole, from the first position on, each once', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 10)
    const { list, seal } = segmentsOf(store)
    const places = async (segments: ReturnType<typeof list>) =>
      (await Array.fromAsync(segments)).map(({ number, first, last }) => [number, first, last])
    assert.deepEqual(await places(seal({ size: 3, to: 7 })), [
      [1, 1, 3],
      [2, 4, 6],
    ])
    assert.deepEqual(await places(seal({ size: 4 })), [[3, 7, 10]])
    assert.deepEqual(await places(seal({ size: 1 })), [])
    assert.deepEqual(await places(list()), [
      [1, 1, 3],
      [2, 4, 6],
      [3, 7, 10],
    ])
  }),

  law('the same events have the same hashes in every store', async (trial) => {
    const store = await trial.open()
    await recordKnown(store)
    await Array.fromAsync(segmentsOf(store).seal({ size: 5 }))
    assert.deepEqual(await hashes(store), [
      {
        number: 1,
        first: 1,
        last: 5,
        hash: 'b524ee41e235940767c77bad48be956f2cdf597088c4ccda1f2b4cd11cb5ebe7',
      },
      {
        number: 2,
        first: 6,
        last: 10,
        hash: '85bdbde1250af503853c59ad6103e87b9095796a4df8ed3ad93cb6ecb26d5249',
      },
    ])
  }),

  law('whoever seals at the same time seals the same', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 20)
    const all = await Promise.all(
      Array.from({ length: 4 }, () => Array.fromAsync(segmentsOf(store).seal({ size: 2 }))),
    )
    assert.deepEqual(
      all.flatMap((sealed) => sealed.map(({ number }) => number)).toSorted((one, other) => one - other),
      Array.from({ length: 10 }, (_, index) => index + 1),
    )
    assert.deepEqual(await differing(store), [])
  }),

  law('sealing goes on beside appends, and what is appended later changes no seal', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 30)
    const appending = Promise.all(Array.from({ length: 10 }, () => record(store, 'b-1', 3)))
    const sealed = await Array.fromAsync(segmentsOf(store).seal({ size: 7 }))
    await appending
    assert.ok(sealed.length >= 4)
    assert.deepEqual(await differing(store), [])
  }),

  law('a change of any column of any event is found, in its segment', async (trial) => {
    const store = await trial.open()
    await recordKnown(store, 12)
    await Array.fromAsync(segmentsOf(store).seal({ size: 4 }))
    await forAny(
      trial,
      [fc.integer({ min: 1, max: 12 }), fc.constantFrom(...columns), fc.nat(5)],
      async (_, position, column, bit) => {
        const meddled = changed(store, (rows) =>
          rows.map((row) =>
            row.position === position ? { ...row, [column]: another(row[column], bit) } : row,
          ),
        )
        assert.deepEqual(await differing(meddled), [Math.ceil(position / 4)])
      },
      { runs: 100 },
    )
  }),

  law('an event that is missing, twice, or swapped with another is found', async (trial) => {
    const store = await trial.open()
    await recordKnown(store, 12)
    await Array.fromAsync(segmentsOf(store).seal({ size: 4 }))
    const tricks: readonly ((rows: EventRow[], at: number) => EventRow[])[] = [
      (rows, at) => rows.filter(({ position }) => position !== at),
      (rows, at) => rows.flatMap((row) => (row.position === at ? [row, row] : [row])),
      (rows, at) => {
        const index = rows.findIndex(({ position }) => position === at)
        const [one, other] = [rows[index], rows[index + 1]]
        return one && other ? rows.with(index, other).with(index + 1, one) : rows
      },
    ]
    for (const trick of tricks)
      for (const at of [1, 6, 11])
        assert.deepEqual(await differing(changed(store, (rows) => trick(rows, at))), [Math.ceil(at / 4)])
  }),

  law('a seal that is missing or was put in another’s place is found', async (trial) => {
    const store = await trial.open()
    await recordKnown(store, 12)
    await Array.fromAsync(segmentsOf(store).seal({ size: 4 }))
    const rows = await store.segments.list({ after: 0, limit: 10 })
    const [one, two, three] = rows
    assert.ok(one && two && three)
    const kept = (sealed: typeof rows): Store => ({
      ...store,
      segments: {
        ...store.segments,
        seal: () => Promise.resolve(false),
        list: ({ after }) => Promise.resolve(sealed.filter(({ number }) => number > after)),
      },
    })
    assert.deepEqual(await differing(kept([one, three])), [3])
    assert.deepEqual(await differing(kept([{ ...one, hash: two.hash }, two, three])), [1, 2])
    assert.deepEqual(await differing(kept([one, { ...two, first: 4 }, three])), [2])
  }),

  law(
    'seals are there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1', 5)
      await Array.fromAsync(segmentsOf(store).seal({ size: 2 }))
      const before = await hashes(store)
      await store.close()
      assert.deepEqual(await hashes(await trial.open()), before)
    },
    'durable',
  ),
]
