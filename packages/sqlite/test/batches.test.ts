import {
  type AppendRequest,
  type AppendResult,
  type ExpectedRevision,
  memoryStore,
  type Store,
} from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anEvent, aRequest, append, openStore, readAll, statuses, to } from './support.ts'

const command = {
  type: 'Do',
  payload: '{}',
  status: 'accepted',
  reason: null,
  causationId: null,
  reads: '{}',
} as const

/** The only one: its id is 1. */
const branch = {
  tenant: '',
  name: 'what-if',
  parent: 0,
  base: undefined,
  clock: 0,
  actor: null,
  createdAt: 1,
} as const

/** Mostly requests that can be inserted together, and here and there one that is refused or asks for more. */
const mostly = <Value>(value: fc.Arbitrary<Value>, ...others: fc.Arbitrary<Value>[]) =>
  fc.oneof({ weight: 60, arbitrary: value }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })))

const request = fc
  .record({
    stream: mostly(fc.integer({ min: 10, max: 5_000 }), fc.nat(3)),
    expected: mostly<ExpectedRevision>(
      fc.constantFrom<ExpectedRevision>('any', 'none', 0),
      fc.constant('exists'),
      fc.integer({ min: -1, max: 4 }),
      fc.constant(1.5),
    ),
    id: mostly<number | undefined>(fc.constant(undefined), fc.nat(20)),
    tenant: mostly(fc.constant(''), fc.constant('other')),
    branch: mostly(fc.constant(0), fc.constant(1)),
    events: mostly(fc.constant(1), fc.nat(3)),
    tags: mostly<string[]>(fc.constant([]), fc.constant(['t:1'])),
  })
  .map(({ stream, expected, id, tenant, branch, events, tags }) => ({
    streams: [
      { stream: `s-${stream}`, expected, events: Array.from({ length: events }, () => anEvent({ tags })) },
    ],
    commandId: id === undefined ? undefined : `c-${id}`,
    tenant,
    branch,
  }))

const batches = fc.array(
  fc.record({
    logged: fc.boolean(),
    requests: fc.array(request, { minLength: 1, maxLength: 70, size: 'max' }),
  }),
  { minLength: 1, maxLength: 6 },
)

function withoutTimes(results: readonly AppendResult[]): unknown[] {
  return results.map((result) => (result.status === 'appended' ? { ...result, recordedAt: 0 } : result))
}

async function contents(store: Store): Promise<unknown> {
  const branches = await Promise.all([0, 1].map((branch) => readAll(store, { branch })))
  const commands = await store.commands.read({ branch: 0, tenant: undefined, after: 0, limit: 1_000 })
  return {
    events: branches.map(({ events }) => events.map((event) => ({ ...event, recordedAt: 0 }))),
    commands: commands.map((row) => ({ ...row, sequence: 0, decidedAt: 0 })),
  }
}

describe('requests that are inserted together', () => {
  it('get the answers that they would get one by one, and leave the same behind', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const [store, reference] = [await openStore(), memoryStore()]
        for (const { branches } of [store, reference]) await branches?.create(branch)
        let id = 0
        for (const { logged, requests } of all) {
          const batch = requests.map(({ streams, commandId, ...scope }): AppendRequest => {
            const known = commandId ?? `own-${++id}`
            return aRequest(streams, { ...scope, commandId: known, command: logged ? command : null })
          })
          const results = [await append(store, ...batch), await append(reference, ...batch)] as const
          expect(withoutTimes(results[0])).toEqual(withoutTimes(results[1]))
        }
        expect(await contents(store)).toEqual(await contents(reference))
        await store.close()
      }),
      { numRuns: 120 },
    )
  })

  it('fail alone where one of them can’t be bound', async () => {
    const store = await openStore()
    const requests = Array.from({ length: 40 }, (_, index) =>
      aRequest([to(`s-${index}`, [anEvent({ occurredAt: index === 20 ? Number.NaN : 1 })])], { command }),
    )
    const results = statuses(await append(store, ...requests))
    expect(results.filter((status) => status === 'appended')).toHaveLength(39)
    expect(results[20]).toBe('failed')
    const { events } = await readAll(store)
    expect(events.map(({ position }) => position)).toEqual(
      Array.from({ length: 39 }, (_, index) => index + 1),
    )
    expect(await store.commands.read({ branch: 0, tenant: '', after: 0, limit: 100 })).toHaveLength(39)
  })

  it('see what another process has appended to a stream they remember', async () => {
    const store = await openStore()
    const other = await openStore({ path: store.name.replace('sqlite:', '') })
    const batch = (from: Store, expected: 'any' | number) =>
      append(
        from,
        ...Array.from({ length: 32 }, (_, index) =>
          aRequest([{ stream: `s-${index}`, expected, events: [anEvent()] }]),
        ),
      )
    for (const from of [store, store, store, other, other]) await batch(from, 'any')
    const conflicts = await batch(store, 3)
    expect(conflicts.every((result) => result.status === 'conflict' && result.actual === 5)).toBe(true)
    const appended = await batch(store, 'any')
    expect(appended.every((result) => result.status === 'appended' && result.revisions[0] === 6)).toBe(true)
    expect((await readAll(store)).events).toHaveLength(32 * 6)
  })
})
