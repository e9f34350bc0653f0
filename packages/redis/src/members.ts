import type { ByteRange } from '@headwater/core'

/**
 * Members of a sorted set without scores, which Redis orders by their bytes: a value, and behind it the key. Text ends with
 * 0 1, and a 0 within it is followed by 255, so that no longer text comes before it. Downwards every bit of the value is
 * turned over, and keys still go upwards.
 */

const text = 2
const numberLength = 9

export function member(value: Uint8Array, key: string, isDown: boolean): Buffer {
  const head = endedValue(value)
  return Buffer.concat([isDown ? head.map((byte) => byte ^ 0xff) : head, Buffer.from(key, 'utf8')])
}

export function keyOfMember(found: Buffer, isDown: boolean): string {
  const flip = isDown ? 0xff : 0
  const kind = (found[0] ?? 0) ^ flip
  if (kind !== text) return found.toString('utf8', kind === 0 ? 1 : numberLength)
  let index = 1
  while (((found[index] ?? 0) ^ flip) !== 0 || ((found[index + 1] ?? 0) ^ flip) !== 1) index += 1
  return found.toString('utf8', index + 2)
}

function endedValue(value: Uint8Array): Uint8Array {
  return value[0] === text ? Uint8Array.from([...escaped(value), 0, 1]) : value
}

function escaped(value: Uint8Array): Uint8Array {
  if (!value.includes(0, 1)) return value
  return Uint8Array.from([...value].flatMap((byte, index) => (byte === 0 && index > 0 ? [0, 0xff] : [byte])))
}

/** The bounds of a range of values as `ZRANGE … BYLEX` takes them. */
export function lexBounds({ from, before }: ByteRange): readonly [Buffer, Buffer] {
  return [including(bound(from)), before === undefined ? Buffer.from('+') : excluding(bound(before))]
}

function bound(value: Uint8Array): Uint8Array {
  return value[0] === text ? escaped(value) : value
}

export function including(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('['), bytes])
}

export function excluding(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('('), bytes])
}
