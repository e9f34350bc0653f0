import { describe, expect, it } from 'vitest'
import { bytes, counted, cut, duration, printable, widthOf } from '../src/terminal/format.ts'
import { styleFor } from '../src/terminal/style.ts'
import { table } from '../src/terminal/table.ts'

const style = styleFor(Object.assign(Object.create(process.stdout), { isTTY: false }))

describe('a table', () => {
  const rows = [
    { name: 'Norway', revenue: 191914 },
    { name: 'Côte d’Ivoire', revenue: 7 },
  ]
  const columns = [
    { title: 'country', value: (row: (typeof rows)[number]) => row.name },
    { title: 'revenue', value: (row: (typeof rows)[number]) => row.revenue },
  ]

  it('puts numbers to the right, with their thousands apart', () => {
    expect(table(columns, rows, { style, width: undefined })).toBe(
      ['country        revenue', 'Norway         191,914', 'Côte d’Ivoire        7'].join('\n'),
    )
  })

  it('cuts the widest texts where a line would not fit', () => {
    const long = rows.map((row) => ({ ...row, name: row.name.repeat(4) }))
    const lines = table(columns, long, { style, width: 30 }).split('\n')
    expect(lines.every((line) => widthOf(line) <= 30)).toBe(true)
    expect(lines[1]).toBe('NorwayNorwayNorwayNo…  191,914')
  })

  it('leaves out columns at the end where that is not enough, and says how many', () => {
    const many = [...columns, ...columns, ...columns]
    expect(table(many, rows, { style, width: 30 }).split('\n')).toEqual([
      'country        revenue  +4',
      'Norway         191,914',
      'Côte d’Ivoire        7',
    ])
  })
})

describe('what is printed', () => {
  it('shows control characters instead of sending them to the terminal', () => {
    expect(printable('a\u001b[2Jb')).toBe('a\\x1b[2Jb')
  })

  it('counts a wide character as two columns', () => {
    expect(widthOf('日本')).toBe(4)
    expect(cut('日本語', 4)).toBe('日…')
  })

  it.each([
    [5.25, '5.3 ms'],
    [850, '850 ms'],
    [3_200, '3.2 s'],
    [250_000, '4 min 10 s'],
  ])('writes %d milliseconds as %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text))

  it('writes amounts as people do', () => {
    expect([bytes(844_198), bytes(1_340_000_000), counted(1, 'line'), counted(2_000, 'line')]).toEqual([
      '844 kB',
      '1.3 GB',
      '1 line',
      '2,000 lines',
    ])
  })
})
