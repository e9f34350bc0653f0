import { aggregate, app, command, event, type Headwater, reject } from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { open } from '../src/app/open.ts'
import { importCommands } from '../src/import/commands.ts'
import { importMap, type ImportMap } from '../src/import/map.ts'
import { openListing } from '../src/terminal/listing.ts'
import type { RefusedLine } from '../src/import/groups.ts'
import type { SourceRecord } from '../src/import/source.ts'

const Paid = event('Paid', z.object({ amount: z.number() }))
const Pay = command('Pay', z.object({ accountId: z.string(), amount: z.number().positive() }))
const account = aggregate('account', {
  events: [Paid],
  commands: [Pay],
  initial: { balance: 0, last: 0 },
  evolve: { Paid: ({ balance }, { data }) => ({ balance: balance + data.amount, last: data.amount }) },
  decide: {
    Pay: ({ balance }, { amount }) => (balance + amount > 1_000 ? reject('too-rich') : Paid({ amount })),
  },
})

const payments = importMap({
  format: 'jsonl',
  row: z.object({ account: z.string(), amount: z.number(), at: z.iso.datetime() }),
  toCommand: ([{ account: accountId, amount, at }], { send, refuse, skip }) => {
    if (amount === 0) return skip()
    if (accountId === 'closed') return refuse('this account is closed')
    return send(Pay({ accountId, amount }), {
      id: `${accountId}@${at}`,
      occurredAt: new Date(at),
      actor: 'import',
    })
  },
})

async function bank(): Promise<Headwater> {
  const headwater = await open(app({ name: 'bank', aggregates: [account] }), { db: 'memory:' })
  onTestFinished(() => headwater.close())
  return headwater
}

async function run(
  headwater: Headwater,
  rows: readonly Record<string, unknown>[],
  map: ImportMap = payments,
) {
  async function* records(): AsyncGenerator<SourceRecord[]> {
    yield rows.map((value, index) => ({ line: index + 1, value, fault: undefined }))
  }
  const refusals = await openListing<RefusedLine>(undefined)
  const { signal } = new AbortController()
  const tally = await importCommands({
    headwater,
    records: records(),
    map,
    refusals,
    concurrency: 8,
    scope: {},
    signal,
    onProgress: () => undefined,
  })
  return { tally, refused: refusals.kept }
}

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`

describe('an import of commands', () => {
  it('records when it happened, and by whom', async () => {
    const headwater = await bank()
    await run(headwater, [{ account: 'a', amount: 5, at: at(1) }])
    const { events } = await headwater.readStream('account-a')
    expect(events[0]).toMatchObject({
      occurredAt: new Date(at(1)),
      actor: 'import',
      causationId: `a@${at(1)}`,
    })
  })

  it('changes nothing when it is run again', async () => {
    const headwater = await bank()
    const rows = [
      { account: 'a', amount: 5, at: at(1) },
      { account: 'a', amount: 7, at: at(2) },
    ]
    await run(headwater, rows)
    const { tally } = await run(headwater, rows)
    expect(tally).toMatchObject({ accepted: 2, repeated: 2, refused: 0 })
    expect((await headwater.head()).position).toBe(2)
  })

  it('keeps the order of the commands for one stream', async () => {
    const headwater = await bank()
    const rows = Array.from({ length: 40 }, (_, index) => ({
      account: index % 2 ? 'a' : 'b',
      amount: index + 1,
      at: at(index),
    }))
    await run(headwater, rows)
    const { events } = await headwater.readStream('account-a')
    expect(events.map(({ data }) => data)).toEqual(
      rows.filter((_, index) => index % 2).map(({ amount }) => ({ amount })),
    )
  })

  it('lists what the rows’ schema, the map, the command’s schema and the decision refuse, and goes on', async () => {
    const { tally, refused } = await run(await bank(), [
      { account: 'a', amount: 'five', at: at(1) },
      { account: 'closed', amount: 1, at: at(2) },
      { account: 'a', amount: -1, at: at(3) },
      { account: 'a', amount: 2_000, at: at(4) },
      { account: 'a', amount: 0, at: at(5) },
      { account: 'a', amount: 3, at: at(6) },
    ])
    expect(refused.toSorted((one, other) => one.line - other.line)).toMatchObject([
      { line: 1, code: 'row.invalid', reason: expect.stringContaining('amount') },
      { line: 2, code: 'row.refused', reason: 'this account is closed' },
      { line: 3, code: 'command.invalid', reason: expect.stringContaining('amount') },
      { line: 4, code: 'too-rich' },
    ])
    expect(tally).toMatchObject({ lines: 6, accepted: 1, refused: 4, skipped: 1, events: 1 })
  })

  it('sends what is left of a group, unless the map wants groups whole', async () => {
    const map = (incomplete: 'send' | 'refuse') =>
      importMap({
        format: 'jsonl',
        row: z.object({ account: z.string(), amount: z.number() }),
        groupBy: 'account',
        incomplete,
        toCommand: (rows, { send }) => {
          const amount = rows.reduce((sum, row) => sum + row.amount, 0)
          return send(Pay({ accountId: rows[0].account, amount }), { id: rows[0].account })
        },
      })
    const rows = [
      { account: 'a', amount: 1 },
      { account: 'a', amount: 'two' },
      { account: 'a', amount: 4 },
    ]
    const headwater = await bank()
    const whole = await run(headwater, rows, map('refuse'))
    expect(whole.tally).toMatchObject({ lines: 3, accepted: 0, refused: 3 })
    expect(whole.refused).toMatchObject([{ line: 2 }, { line: 1, lastLine: 3, code: 'group.incomplete' }])
    const rest = await run(headwater, rows, map('send'))
    expect(rest.tally).toMatchObject({ lines: 3, accepted: 1, refused: 1 })
    expect(await headwater.state(account, 'a')).toMatchObject({ state: { balance: 5 } })
  })

  it('refuses other data under an id that was imported', async () => {
    const headwater = await bank()
    await run(headwater, [{ account: 'a', amount: 5, at: at(1) }])
    const { refused } = await run(headwater, [{ account: 'a', amount: 6, at: at(1) }])
    expect(refused).toMatchObject([{ line: 1, code: 'command.id-reused' }])
  })

  it('stops at a map that throws, and says on which line', async () => {
    const broken = importMap({
      format: 'jsonl',
      row: z.object({}),
      toCommand: () => {
        throw new TypeError('no such field')
      },
    })
    await expect(run(await bank(), [{}], broken)).rejects.toMatchObject({
      code: 'import.failed',
      message: 'The map failed on line 1',
    })
  })
})
