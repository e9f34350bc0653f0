import type { ViewDocument, ViewDocumentWrite } from '@headwater/core'

/** A document in Redis: its position and its words, a line each; whether it is text or bytes; and then itself. */
export function contentOf({ position, words = '', document }: ViewDocumentWrite): Buffer {
  const isText = typeof document === 'string'
  const head = Buffer.from(`${position}\n${words}\n${isText ? 't' : 'b'}`)
  return Buffer.concat([head, isText ? Buffer.from(document, 'utf8') : Buffer.from(document ?? [])])
}

export interface Content {
  readonly document: ViewDocument
  readonly words: ReadonlySet<string>
}

export function contentIn(key: string, stored: Buffer): Content {
  const first = stored.indexOf('\n')
  const second = stored.indexOf('\n', first + 1)
  const body = stored.subarray(second + 2)
  return {
    document: {
      key,
      document:
        stored.toString('latin1', second + 1, second + 2) === 't'
          ? body.toString('utf8')
          : new Uint8Array(body),
      position: Number(stored.toString('latin1', 0, first)),
    },
    words: new Set(stored.toString('utf8', first + 1, second).split(' ')),
  }
}
