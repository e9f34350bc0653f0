import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRecords } from '../src/import/csv.ts'
import { linesOf } from '../src/import/lines.ts'
import type { SourceRecord } from '../src/import/source.ts'

async function read(
  text: string | Uint8Array,
  { delimiter = ',', encoding = 'utf-8', chunk = 7 } = {},
): Promise<SourceRecord[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const records: SourceRecord[] = []
  for await (const batch of csvRecords(linesOf(chunks(), encoding), delimiter)) records.push(...batch)
  return records
}

const values = (records: readonly SourceRecord[]) => records.map(({ value }) => value)

describe('CSV', () => {
  it('is read with a byte order mark, with either end of line, and with none at the end', async () => {
    expect(values(await read('\ufeffa,b\r\n1,2\n3,4'))).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
  })

  it('may quote commas, quotes and ends of lines', async () => {
    const records = await read('a,b\n"1,5","say ""hi"""\n"two\nlines",x\nlast,y\n')
    expect(values(records)).toEqual([
      { a: '1,5', b: 'say "hi"' },
      { a: 'two\nlines', b: 'x' },
      { a: 'last', b: 'y' },
    ])
    expect(records.map(({ line }) => line)).toEqual([2, 3, 5])
  })

  it('takes a quote within a field for a letter', async () => {
    expect(values(await read('a,b\n5" plate,x\n'))).toEqual([{ a: '5" plate', b: 'x' }])
  })

  it('leaves out empty lines and counts them', async () => {
    expect(await read('a\n\n1\n')).toMatchObject([{ line: 3, value: { a: '1' } }])
  })

  it('reports a line with too few or too many fields, and goes on', async () => {
    expect(await read('a,b\n1\n1,2,3\n1,2\n')).toMatchObject([
      { line: 2, fault: 'has 1 fields where the header has 2' },
      { line: 3, fault: 'has 3 fields where the header has 2' },
      { line: 4, fault: undefined },
    ])
  })

  it('loses one line to a quote that is never closed, not the rest of the file', async () => {
    expect(await read('a,b\n"open,1\n2,3\n4,5\n')).toMatchObject([
      { line: 2, value: undefined, fault: 'the quote that begins here has no end' },
      { line: 3, value: { a: '2', b: '3' } },
      { line: 4, value: { a: '4', b: '5' } },
    ])
  })

  it('is not led astray by a stray quote that a later line seems to close', async () => {
    expect(await read('a,b\n"open,1\n2,3\n4,"x, y"\n5,6\n')).toMatchObject([
      { line: 2, value: undefined },
      { line: 3, value: { a: '2', b: '3' } },
      { line: 4, value: { a: '4', b: 'x, y' } },
      { line: 5, value: { a: '5', b: '6' } },
    ])
  })

  it('reports text after a closing quote', async () => {
    expect(await read('a,b\n"x"y,1\n2,3\n')).toMatchObject([
      { line: 2, fault: 'field 1 goes on after its closing quote' },
      { line: 3, value: { a: '2', b: '3' } },
    ])
  })

  it('may have another delimiter and another encoding', async () => {
    const latin = Uint8Array.from([...new TextEncoder().encode('n;p\ncaf'), 0xe9, 0x3b, 0xa3, 0x0a])
    expect(values(await read(latin, { delimiter: ';', encoding: 'windows-1252' }))).toEqual([
      { n: 'café', p: '£' },
    ])
  })

  it('says that a file is not in the encoding, instead of recording replacement characters', async () => {
    await expect(read(Uint8Array.from([0x61, 0x0a, 0xe9, 0x0a]))).rejects.toMatchObject({
      code: 'import.failed',
    })
  })

  it.each([
    ['no line', ''],
    ['a column twice', 'a,b,a\n1,2,3\n'],
    ['no columns', ',,\n1,2,3\n'],
  ])('is refused as a whole where its header has %s', async (_what, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'import.failed' })
  })

  it('is read as it was written, however the file is cut into chunks', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '😀') })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field), { maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, chunk) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
          const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n')
          expect(values(await read(text, { chunk }))).toEqual(rows.map(([a, b]) => ({ a, b })))
        },
      ),
      { numRuns: 60 },
    )
  })
})
