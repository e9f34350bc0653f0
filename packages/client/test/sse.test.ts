import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messagesOf } from '../src/connection.ts'
import { createSseParser, type ServerSentMessage } from '../src/sse.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.replaceAll(/[\r\n\0]/g, ''))
const lineEnd = fc.constantFrom('\n', '\r', '\r\n')

const message = fc.record({
  id: fc.nat().map(String),
  event: text.filter((name) => name !== '' && !name.startsWith(' ')),
  data: fc.array(
    text.map((line) => line.replace(/^ /, '')),
    { minLength: 1, maxLength: 3 },
  ),
  comment: fc.option(text),
})

function written(
  messages: readonly (typeof message extends fc.Arbitrary<infer T> ? T : never)[],
  end: string,
) {
  return messages
    .map(({ id, event, data, comment }) =>
      [
        ...(comment === null ? [] : [`:${comment}`]),
        `id: ${id}`,
        `event: ${event}`,
        ...data.map((line) => `data: ${line}`),
        '',
        '',
      ].join(end),
    )
    .join('')
}

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((point) => point % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, index) => bytes.slice(from, at[index] ?? bytes.length))
}

async function read(chunks: readonly Uint8Array[]): Promise<ServerSentMessage[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  const messages: ServerSentMessage[] = []
  for await (const batch of messagesOf(body, 1_000, () => {})) messages.push(...batch)
  return messages
}

describe('the parser of server-sent events', () => {
  it('gives the same messages wherever the bytes are cut, inside characters and line ends too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 5 }),
        lineEnd,
        fc.array(fc.nat(), { maxLength: 20 }),
        async (messages, end, cuts) => {
          const bytes = new TextEncoder().encode(written(messages, end))
          expect(await read(cut(bytes, cuts))).toEqual(
            messages.map(({ id, event, data }) => ({ id, event, data: data.join('\n') })),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives the same messages byte by byte as in one piece', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', ':', ' ', '\r', '\n', 'é', '\uFEFF', 'data', 'id') }),
        async (raw) => {
          const bytes = new TextEncoder().encode(raw)
          const single = Array.from(bytes, (_, index) => bytes.slice(index, index + 1))
          expect(await read(single)).toEqual(await read([bytes]))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never gives a message that the end of the stream cut off', () => {
    expect(createSseParser().push('id: 1\ndata: whole\n\nid: 2\ndata: half\n')).toEqual([
      { id: '1', event: 'message', data: 'whole' },
    ])
  })

  it('does not take the second half of a CRLF for an empty line', () => {
    const parser = createSseParser()
    expect(parser.push('data: one\r')).toEqual([])
    expect(parser.push('\n')).toEqual([])
    expect(parser.push('\r\n')).toEqual([{ id: '', event: 'message', data: 'one' }])
  })

  it('keeps the last id for messages without one and skips comments and messages without data', () => {
    const parser = createSseParser()
    expect(parser.push('\uFEFFid: 7\ndata\n\n: still here\n\nevent: Empty\n\ndata:x\n\n')).toEqual([
      { id: '7', event: 'message', data: '' },
      { id: '7', event: 'message', data: 'x' },
    ])
  })
})
