import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { groupsOf, type RowGroup } from '../src/import/groups.ts'
import type { SourceRecord } from '../src/import/source.ts'

const row = z.object({
  invoice: z.string(),
  quantity: z.string().regex(/^\d+$/, 'is no number').transform(Number),
})

const record = (line: number, invoice: string, quantity = '1'): SourceRecord => ({
  line,
  value: { invoice, quantity },
  fault: undefined,
})
const unreadable = (line: number): SourceRecord => ({ line, value: undefined, fault: 'is no CSV' })

async function groups(records: readonly SourceRecord[]): Promise<RowGroup[]> {
  async function* batches() {
    for (const one of records) yield [one]
  }
  const found: RowGroup[] = []
  for await (const group of groupsOf(batches(), { row, groupBy: 'invoice' })) found.push(group)
  return found
}

describe('rows that belong together', () => {
  it('are consecutive ones with the same value', async () => {
    expect(await groups([record(2, 'a'), record(3, 'a'), record(4, 'b'), record(5, 'a')])).toMatchObject([
      { key: 'a', lines: [2, 3], rows: [{ quantity: 1 }, { quantity: 1 }], faults: [] },
      { key: 'b', lines: [4] },
      { key: 'a', lines: [5] },
    ])
  })

  it('lose those that are faulty, which are told with their lines', async () => {
    expect(
      await groups([record(2, 'a'), record(3, 'a', 'many'), record(4, 'a'), record(5, 'b')]),
    ).toMatchObject([
      {
        key: 'a',
        lines: [2, 4],
        faults: [{ line: 3, code: 'row.invalid', reason: 'quantity: is no number', group: 'a' }],
      },
      { key: 'b', faults: [] },
    ])
  })

  it('are not torn in two by a faulty line that names another group', async () => {
    expect(await groups([record(2, 'a'), record(3, 'garbage', '?'), record(4, 'a')])).toMatchObject([
      { key: 'a', lines: [2, 4], faults: [{ line: 3, group: 'garbage' }] },
    ])
  })

  it('have an unreadable line among them', async () => {
    expect(await groups([record(2, 'a'), unreadable(3), record(4, 'a')])).toMatchObject([
      { key: 'a', lines: [2, 4], faults: [{ line: 3, code: 'line.malformed' }] },
    ])
  })

  it('do not suffer from an unreadable line between two groups', async () => {
    expect(await groups([record(2, 'a'), unreadable(3), record(4, 'b')])).toMatchObject([
      { key: 'a', faults: [] },
      { key: undefined, lines: [], faults: [{ line: 3 }] },
      { key: 'b', faults: [] },
    ])
  })
})
