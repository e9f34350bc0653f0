import {
  app,
  command,
  context,
  event,
  handler,
  memoryStore,
  openStore,
  type Headwater,
} from '@headwater/core'
import { migrations, tables } from '@headwater/sql'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { run } from './support/processes.ts'
import { newPath, running } from './support/running.ts'
import { balances, bank, bankTables, Deposit, Open, Touch } from './support/shop.ts'

async function balanceOf(headwater: Headwater, id = 'a'): Promise<number | undefined> {
  const db = await headwater.sql(bankTables)
  const row = await db.selectFrom('accounts').select('balance').where('id', '=', id).executeTakeFirst()
  return row?.balance
}

async function depositsOf(headwater: Headwater): Promise<number | undefined> {
  const db = await headwater.sql(bankTables)
  return (await db.selectFrom('totals').select('deposits').executeTakeFirst())?.deposits
}

describe('a handler', () => {
  it('saves rows and records events with its command, whichever thread writes', async () => {
    for (const writer of ['inline', 'worker'] as const) {
      const headwater = await running(bank, { writer })
      await headwater.execute(Open({ accountId: 'a' }))
      const outcome = await headwater.execute(Deposit({ accountId: 'a', amount: 5 }), { actor: 'ada' })
      expect(outcome).toMatchObject({ status: 'accepted', stream: 'account-a', revision: 2, position: 2 })
      expect(await balanceOf(headwater)).toBe(5)
      expect(await headwater.view(balances).get('a')).toMatchObject({ doc: { balance: 5, deposits: 1 } })
      const [, logged] = await headwater.commands()
      expect(logged).toMatchObject({
        type: 'Deposit',
        status: 'accepted',
        actor: 'ada',
        payload: { amount: 5 },
      })
    }
  })

  it('has one effect per command id, and gives the stored answer to a repeat', async () => {
    const headwater = await running(bank)
    await headwater.execute(Open({ accountId: 'a' }))
    const deposit = () => headwater.execute(Deposit({ accountId: 'a', amount: 5 }), { id: 'once' })
    const answers = await Promise.all([deposit(), deposit(), deposit()])
    expect(await deposit()).toEqual(answers[0])
    expect(answers[1]).toEqual(answers[0])
    expect(await balanceOf(headwater)).toBe(5)
    await expect(
      headwater.execute(Deposit({ accountId: 'a', amount: 6 }), { id: 'once' }),
    ).rejects.toMatchObject({
      code: 'command.id-reused',
    })
  })

  it('that rejects saves nothing, records the rejection’s events, and answers a repeat alike', async () => {
    const headwater = await running(bank)
    await headwater.execute(Open({ accountId: 'a' }))
    const refused = await headwater.execute(Deposit({ accountId: 'a', amount: -1 }), { id: 'minus' })
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'negative' }, revision: 2 })
    expect(await headwater.execute(Deposit({ accountId: 'a', amount: -1 }), { id: 'minus' })).toEqual(refused)
    expect(await balanceOf(headwater)).toBe(0)
    const types = (await headwater.readStream('account-a')).events.map(({ type }) => type)
    expect(types).toEqual(['Opened', 'DepositRefused'])
  })

  it('loses no update to others of its stream, though it expects nothing of its rows', async () => {
    const headwater = await running(bank)
    await headwater.execute(Open({ accountId: 'a' }))
    const deposits = Array.from({ length: 25 }, () =>
      headwater.execute(Deposit({ accountId: 'a', amount: 1 })),
    )
    await Promise.all(deposits)
    expect(await balanceOf(headwater)).toBe(25)
  })

  it('is called again while the rows that it shares with other streams are others than it expects', async () => {
    const headwater = await running(bank)
    const touches = Array.from({ length: 25 }, (_, n) =>
      headwater.execute(Touch({ accountId: `${n}`, by: 1 })),
    )
    await Promise.all(touches)
    expect(await depositsOf(headwater)).toBe(25)
  })

  it('that keeps meeting a key that is taken is a conflict', async () => {
    const headwater = await running(bank)
    await headwater.execute(Open({ accountId: 'a' }))
    await expect(headwater.execute(Open({ accountId: 'a' }))).rejects.toMatchObject({
      code: 'command.conflict',
      message: expect.stringContaining('UNIQUE'),
    })
    expect((await headwater.head()).position).toBe(1)
  })

  it('decides on the revision that the sender expects, or not at all', async () => {
    const headwater = await running(bank)
    await headwater.execute(Open({ accountId: 'a' }))
    const deposit = (expectedRevision: number) =>
      headwater.execute(Deposit({ accountId: 'a', amount: 1 }), { expectedRevision })
    await expect(deposit(0)).rejects.toMatchObject({ code: 'command.revision-mismatch' })
    expect(await deposit(1)).toMatchObject({ status: 'accepted', revision: 2 })
  })

  it('raced from two processes, of which one is killed, loses and doubles nothing', async () => {
    const path = newPath()
    const headwater = await running(bank, { path })
    await headwater.execute(Open({ accountId: 'a' }))
    const [killed, ended] = await Promise.all([
      run('depositor.ts', [path, 'killed'], 20),
      run('depositor.ts', [path, 'ended', '40']),
      ...Array.from({ length: 10 }, (_, n) =>
        headwater.execute(Deposit({ accountId: 'a', amount: 1 }), { id: `own-${n}` }),
      ),
    ])
    expect(ended).toHaveLength(40)
    // Whatever the killed one had been answered is there; sending it again changes nothing.
    const before = await balanceOf(headwater)
    for (const id of killed) await headwater.execute(Deposit({ accountId: 'a', amount: 1 }), { id })
    expect(await balanceOf(headwater)).toBe(before)
    const recorded = (await headwater.commands({ limit: 1_000 })).filter(
      ({ status }) => status === 'accepted',
    )
    const count = (type: string) => recorded.filter((command) => command.type === type).length
    expect(before).toBe(count('Deposit'))
    expect(await depositsOf(headwater)).toBe(count('Touch'))
    expect(await headwater.view(balances).get('a')).toMatchObject({
      doc: { balance: before, deposits: before },
    })
  })
})

const Do = command('Do', z.object({ thingId: z.string() }))
const Done = event('Done', z.object({ n: z.int() }))
const notes = tables('notes', {
  migrations: migrations<{ notes: { id: string } }>({
    notes: ({ schema }) =>
      schema.createTable('notes').addColumn('id', 'text', (column) => column.primaryKey()),
  }),
})

describe('a handler may', () => {
  const doing = (
    handle: Parameters<
      typeof handler<'Do', { thingId: string }, { thingId: string }, 'thing', typeof Done>
    >[1]['handle'],
  ) => app({ name: 'things', handlers: [handler(Do, { stream: 'thing', events: [Done], handle })] })

  it('have no tables, and append to other streams', async () => {
    const headwater = await openStore(
      doing((_data, { record, append, now, id, actor }) => {
        record(Done({ n: 1 }))
        append('audit-all', Done({ n: 2 }))
        append('thing-a', Done({ n: 3 }))
        expect([now instanceof Date, id(), actor]).toEqual([true, expect.any(String), 'ada'])
      }),
      memoryStore(),
    )
    const outcome = await headwater.execute(Do({ thingId: 'a' }), { actor: 'ada' })
    expect(outcome).toMatchObject({ stream: 'thing-a', revision: 2, position: 3 })
    expect((await headwater.readStream('audit-all')).events.map(({ data }) => data)).toEqual([{ n: 2 }])
    await headwater.close()
  })

  it('not record what it doesn’t name, return an event, or go on when it has ended', async () => {
    const Other = event('Other', z.object({}))
    const late: unknown[] = []
    const wrong = {
      'event.unknown': doing((_data, { append, record }) => {
        const anything: (...events: never[]) => void = record
        Reflect.apply(anything, undefined, [Other({})])
        append('thing-a', Done({ n: 1 }))
      }),
      'command.failed': doing(() => {
        throw new Error('broken')
      }),
    }
    for (const [code, wrongApp] of Object.entries(wrong)) {
      const headwater = await openStore(wrongApp, memoryStore())
      await expect(headwater.execute(Do({ thingId: 'a' }))).rejects.toMatchObject({ code })
      expect((await headwater.head()).position).toBe(0)
      await headwater.close()
    }
    const hasty = doing((_data, { record }) => {
      setImmediate(() => {
        try {
          record(Done({ n: 1 }))
        } catch (error) {
          late.push(error)
        }
      })
    })
    const headwater = await openStore(hasty, memoryStore())
    await headwater.execute(Do({ thingId: 'a' }))
    await new Promise(setImmediate)
    expect(late).toEqual([expect.objectContaining({ message: expect.stringContaining('await') })])
    await headwater.close()
  })
})

describe('an app', () => {
  const one = handler(Do, { stream: 'thing', events: [Done], tables: notes, handle: () => undefined })

  it('has one handler for a command, and tables in one context', async () => {
    const second = handler(Do, { stream: 'other', id: 'thingId', events: [], handle: () => undefined })
    const twice = app({ name: 'twice', handlers: [one, second] })
    await expect(openStore(twice, memoryStore())).rejects.toMatchObject({
      code: 'app.invalid',
      message: expect.stringContaining('two handlers for the command'),
    })
    const shared = app({
      name: 'shared',
      contexts: [context('a', { tables: [notes] }), context('b', { handlers: [one] })],
    })
    await expect(openStore(shared, memoryStore())).rejects.toMatchObject({
      code: 'app.invalid',
      message: expect.stringContaining('two tables of this name'),
    })
  })

  it('with tables does not open on a store that has no SQL', async () => {
    const store = memoryStore()
    await expect(openStore(app({ name: 'one', handlers: [one] }), store)).rejects.toMatchObject({
      code: 'store.no-sql',
    })
    await store.close()
  })

  it('whose steps read otherwise than those that were taken does not open', async () => {
    const path = newPath()
    const before = await running(app({ name: 'one', tables: [notes] }), { path })
    await before.close()
    const changed = tables('notes', {
      migrations: migrations<{ notes: { id: string } }>({
        notes: ({ schema }) => schema.createTable('notes').addColumn('id', 'integer'),
      }),
    })
    await expect(running(app({ name: 'one', tables: [changed] }), { path })).rejects.toMatchObject({
      code: 'sql.step-changed',
    })
  })
})
