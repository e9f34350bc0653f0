import { type Encoded, isStorable } from '@headwater/core'

/** The columns of an encoded value: its text, and its bytes where it is not text that PostgreSQL holds. */
export type EncodedColumns = [text: string | null, bytes: Uint8Array | null]

/**
 * Text is kept as text, bytes are kept beside a null. A text with U+0000 or half a surrogate pair, of which PostgreSQL would
 * refuse the one and replace the other, is kept as an empty text beside its UTF-16.
 */
export function encodedColumns(value: Encoded | null): EncodedColumns {
  if (typeof value !== 'string') return [null, value]
  return isStorable(value) ? [value, null] : ['', Buffer.from(value, 'utf16le')]
}

export function encodedOf(text: string | null, bytes: Uint8Array | null): Encoded {
  if (bytes === null) return text ?? ''
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return text === null ? new Uint8Array(buffer) : buffer.toString('utf16le')
}
