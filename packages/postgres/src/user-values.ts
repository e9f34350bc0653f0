import type { SqlValue } from '@headwater/core'

/** Types as PostgreSQL numbers them. */
const types = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  numeric: 1700,
}

/**
 * What users' queries give, the same as from SQLite where that has it: numbers as long as they are exact, truth as 1 and 0,
 * bytes. All else comes as PostgreSQL's text: dates and times, JSON, arrays, decimals that are no exact number.
 */
export function userValueParser(type: number): (text: string) => SqlValue {
  switch (type) {
    case types.int2:
    case types.int4:
    case types.oid:
    case types.float4:
    case types.float8:
      return Number
    case types.int8:
      return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))
    case types.numeric:
      return exactly
    case types.bool:
      return (text) => (text === 't' ? 1 : 0)
    case types.bytea:
      return (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
    default:
      return (text) => text
  }
}

function exactly(text: string): SqlValue {
  const number = Number(text)
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return String(number) === plain ? number : text
}
