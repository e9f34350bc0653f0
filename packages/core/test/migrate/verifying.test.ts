import { type Log, migration, type Store } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { mixed, replaced, request, type Step, storeOf } from './history.ts'
import { faultsOf, migrated, newShop } from './shop.ts'

type Row = Awaited<ReturnType<Log['read']>>['events'][number]
type CommandRow = NonNullable<Awaited<ReturnType<Store['commands']['find']>>>

describe('a verification finds', () => {
  const steps: Step[] = [
    { how: 'place', order: '1', tenant: '', count: 2 },
    { how: 'append', order: '2', tenant: '', count: 3 },
    { how: 'note', order: '2', tenant: 'north', count: 1 },
  ]

  async function found(spoil: (target: Store) => Partial<Store>): Promise<readonly string[]> {
    const source = await storeOf(steps)
    const { target, map } = await migrated(source, mixed)
    const faults = await faultsOf(source, { target: { ...target, ...spoil(target) }, map }, mixed)
    return faults.map(({ message }) => message)
  }

  const rows =
    (change: (row: Row) => Row | undefined) =>
    (target: Store): Partial<Store> => ({
      log: replaced(target.log, {
        read: async (query) => {
          const page = await target.log.read(query)
          return { ...page, events: page.events.flatMap((row) => change(row) ?? []) }
        },
      }),
    })

  it.each<[string, (row: Row) => Row | undefined, RegExp]>([
    ['a new event that is missing', (row) => (row.position === 3 ? undefined : row), /no such event/],
    ['other data', (row) => (row.position === 2 ? { ...row, data: '{}' } : row), /another data/],
    ['another stream', (row) => (row.position === 2 ? { ...row, stream: 'order-8' } : row), /another stream/],
    ['another time', (row) => (row.position === 2 ? { ...row, recordedAt: 7 } : row), /another recordedAt/],
    [
      'another cause',
      (row) => (row.position === 2 ? { ...row, causationId: 'x' } : row),
      /another causationId/,
    ],
  ])('%s', async (_what, change, message) => {
    expect((await found(rows(change))).join('\n')).toMatch(message)
  })

  it('a command that is missing, or says something else', async () => {
    const commands = (
      target: Store,
      change: (row: CommandRow) => CommandRow | undefined,
    ): Partial<Store> => ({
      commands: replaced(target.commands, {
        find: async (...asked) => {
          const row = await target.commands.find(...asked)
          return row === undefined ? undefined : change(row)
        },
      }),
    })
    expect((await found((target) => commands(target, () => undefined))).join('\n')).toMatch(
      /is not in the new log/,
    )
    expect((await found((target) => commands(target, (row) => ({ ...row, actor: 'x' })))).join('\n')).toMatch(
      /has another actor/,
    )
  })

  it('a map that leaves an event out, or says something else of it, or goes too far', async () => {
    const source = await storeOf(steps)
    const { target, map, entries } = await migrated(source, mixed)
    const verifying = async (changed: readonly (typeof entries)[number][]) =>
      (
        await faultsOf(source, { target, map: replaced(map, { entries: () => iterate(changed) }) }, mixed)
      ).map(({ message }) => message)
    expect(await verifying(entries)).toEqual([])
    expect((await verifying(entries.slice(0, -1))).join()).toMatch(/no entry/)
    expect((await verifying(entries.map((entry) => ({ ...entry, new: [1] })))).join()).toMatch(/another new/)
    expect((await verifying([...entries, { old: 99, new: [] }])).join()).toMatch(/an event that there is not/)
  })

  it('that the rules are not those that the copy was made with', async () => {
    const source = await storeOf(steps)
    const { target, map } = await migrated(source, mixed)
    const other = migration({ app: newShop, from: [], events: {} })
    expect(await faultsOf(source, { target, map }, other)).not.toEqual([])
  })

  it('that the old log has gone on, but lets the new one go on', async () => {
    const source = await storeOf(steps)
    const { target, map } = await migrated(source, mixed)
    await target.log.append([request('new', 'order-5')])
    expect(await faultsOf(source, { target, map }, mixed)).toEqual([])
    await source.log.append([request('late', 'order-5')])
    expect(await faultsOf(source, { target, map }, mixed)).toMatchObject([
      { message: '1 events of the old log are not in the new one yet' },
    ])
  })
})

async function* iterate<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
