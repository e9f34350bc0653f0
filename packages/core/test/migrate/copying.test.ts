import {
  HeadwaterError,
  MemoryMap,
  memoryStore,
  migrate,
  migration,
  type Migration,
  type Store,
} from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixed, replaced, request, step, type Step, storeOf } from './history.ts'
import { contentOf, faultsOf, migrated, newShop, Noted } from './shop.ts'

describe('a copy', () => {
  it('accounts for every old event and every new one, in the order of transactions, and can be verified', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const source = await storeOf(steps)
        const { target, entries, map } = await migrated(source, mixed)
        const before = await contentOf(source)
        const after = await contentOf(target)
        // Total: each old event has its entry, at its place.
        expect(entries.map(({ old }) => old)).toEqual(before.events.map(({ position }) => position))
        // Each new event is what one old one became, and is a part of the same transaction.
        const made = entries.filter(({ into }) => into === undefined)
        const owners = new Map(
          made.flatMap(({ old, new: positions }) => positions.map((position) => [position, old])),
        )
        expect([...owners.keys()].toSorted((one, other) => one - other)).toEqual(
          after.events.map(({ position }) => position),
        )
        expect(made.flatMap(({ new: positions }) => positions)).toHaveLength(after.events.length)
        const commands = after.events.map(
          (row) => before.events[(owners.get(row.position) ?? 0) - 1]?.commandId,
        )
        expect(commands).toEqual(after.events.map(({ commandId }) => commandId))
        // Monotone: transactions keep their order.
        const order = (rows: readonly { commandId: string }[]) => [
          ...new Set(rows.map(({ commandId }) => commandId)),
        ]
        const kept = new Set(after.events.map(({ commandId }) => commandId))
        expect(order(after.events)).toEqual(order(before.events).filter((id) => kept.has(id)))
        // Dense: streams are numbered from 1.
        const last = new Map<string, number>()
        for (const { tenant, stream, revision } of after.events) {
          expect(revision).toBe((last.get(`${tenant}/${stream}`) ?? 0) + 1)
          last.set(`${tenant}/${stream}`, revision)
        }
        expect(after.commands.map(({ id }) => id)).toEqual(before.commands.map(({ id }) => id))
        expect(after.commands.map(({ decidedAt }) => decidedAt)).toEqual(
          before.commands.map(({ decidedAt }) => decidedAt),
        )
        expect(await faultsOf(source, { target, map }, mixed)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('without rules has everything that was recorded, to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          step.filter(({ how }) => how !== 'place'),
          { maxLength: 25 },
        ),
        async (steps) => {
          const source = await storeOf(steps)
          const { target } = await migrated(source, migration({ app: newShop, from: [], events: {} }))
          expect(await contentOf(target)).toEqual(await contentOf(source))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('that is interrupted anywhere, again and again, goes on and ends as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 20 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.integer({ min: 1, max: 9 }),
        async (steps, accidents, batchSize) => {
          const source = await storeOf(steps)
          const whole = await migrated(source, mixed)
          const target = memoryStore()
          const map = new MemoryMap()
          let tries = 0
          for (; ; tries += 1) {
            // The first tries end early, the last one is left alone.
            const accident = tries < 12 ? Number(accidents.next().value) : Number.POSITIVE_INFINITY
            const endless = await migrate({
              source,
              target: breaking(target, accident),
              migration: mixed,
              map: forgetting(map, accident),
              batchSize,
            }).catch((error: unknown) => error)
            if (!(endless instanceof Interrupted)) break
          }
          expect(await contentOf(target)).toEqual(await contentOf(whole.target))
          expect(await Array.fromAsync(map.entries(0))).toEqual(whole.entries)
          expect(await faultsOf(source, { target, map }, mixed)).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('goes on where the old log ended then', async () => {
    const headwaterSteps: Step[] = [
      { how: 'place', order: '1', tenant: '', count: 2 },
      { how: 'append', order: '2', tenant: '', count: 3 },
    ]
    const source = await storeOf(headwaterSteps)
    const target = memoryStore()
    const map = new MemoryMap()
    const first = await migrate({ source, target, migration: mixed, map })
    const { position } = await source.log.head(0)
    expect(first).toMatchObject({ position, head: position, events: position })
    expect(await migrate({ source, target, migration: mixed, map })).toMatchObject({ position, events: 0 })
    await source.log.append([request('later', 'order-2')])
    expect(await migrate({ source, target, migration: mixed, map })).toMatchObject({
      position: position + 1,
      events: 1,
    })
    expect(await faultsOf(source, { target, map }, mixed)).toEqual([])
  })

  it('tells what it has done as it goes', async () => {
    const source = await storeOf(
      Array.from({ length: 300 }, () => ({ how: 'append', order: '1', tenant: '', count: 2 })),
    )
    const seen: number[] = []
    await migrate({
      source,
      target: memoryStore(),
      migration: mixed,
      map: new MemoryMap(),
      onProgress: ({ position }) => seen.push(position),
    })
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(-1)).toBe((await source.log.head(0)).position)
  })

  it('ends where it is asked to', async () => {
    const source = await storeOf([{ how: 'append', order: '1', tenant: '', count: 2 }])
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(
      migrate({ source, target: memoryStore(), migration: mixed, map: new MemoryMap(), signal }),
    ).rejects.toThrow('enough')
  })
})

describe('a copy is refused', () => {
  const steps: Step[] = [{ how: 'append', order: '1', tenant: '', count: 2 }]
  const mismatch = { code: 'migration.mismatch' }
  const copying = (source: Store, target: Store, map = new MemoryMap(), how: Migration = mixed) =>
    migrate({ source, target, migration: how, map })

  it('into the log itself', async () => {
    const source = await storeOf(steps)
    await expect(copying(source, source)).rejects.toMatchObject(mismatch)
  })

  it('into a log that holds something else', async () => {
    const source = await storeOf(steps)
    const target = await storeOf(steps)
    await expect(copying(source, target)).rejects.toMatchObject(mismatch)
    expect(await contentOf(target)).toEqual(await contentOf(target))
  })

  it('with the map of another copy', async () => {
    const source = await storeOf(steps)
    const { map } = await migrated(source, mixed)
    await expect(copying(source, memoryStore(), map)).rejects.toMatchObject(mismatch)
    await expect(copying(await storeOf(steps), memoryStore(), map)).rejects.toMatchObject(mismatch)
  })

  it('where somebody else writes into the new log', async () => {
    const source = await storeOf(steps)
    const target = memoryStore()
    const disturbed: Store = {
      ...target,
      log: replaced(target.log, {
        append: async (requests) => {
          await target.log.append([request('stranger', 'order-9')])
          return target.log.append(requests)
        },
      }),
    }
    await expect(copying(source, disturbed)).rejects.toMatchObject(mismatch)
  })
})

class Interrupted extends Error {}

/** A store of which an append, by chance, is the last: it is recorded or not, and the process is gone. */
function breaking(store: Store, accident: number): Store {
  let appends = 0
  return {
    ...store,
    log: replaced(store.log, {
      append: async (requests) => {
        appends += 1
        if (accident === 2 * appends) throw new Interrupted('before the append')
        const results = await store.log.append(requests)
        if (accident === 2 * appends + 1) throw new Interrupted('after the append')
        return results
      },
    }),
  }
}

/** A map that, by chance, is not written any more. */
function forgetting(map: MemoryMap, accident: number): MemoryMap {
  return replaced(map, {
    add: async (entries, checkpoint) => {
      if (accident === 0) throw new Interrupted('before the map')
      await map.add(entries, checkpoint)
      if (accident === 1) throw new Interrupted('after the map')
    },
  })
}

it('a failure names its event in its details', async () => {
  const source = await storeOf([{ how: 'append', order: '1', tenant: '', count: 1 }])
  const failing = migration({
    app: newShop,
    from: [Noted],
    events: {
      Noted: () => {
        throw new Error('no')
      },
    },
  })
  const error: unknown = await migrated(source, failing).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HeadwaterError)
  expect(error).toMatchObject({ details: { position: 2, type: 'Noted', version: 1 } })
})
