import { HeadwaterError } from '@headwater/core/errors'

/**
 * A text of any kind as one that PostgreSQL holds, in the same order: U+0000 and U+0001 become U+0001 with U+0001 or U+0002
 * behind it. Halves of surrogate pairs, which stand nowhere in the order of code points, are written out behind U+0001.
 */
export function storedKey(key: string): string {
  if (!/[\u0000\u0001\ud800-\udfff]/.test(key)) return key
  return key.replace(unstorable, (unit) =>
    unit < '\u0002' ? `\u0001${unit === '\u0000' ? '\u0001' : '\u0002'}` : `\u0001\u0003${hexOf(unit)}`,
  )
}

export function keyOf(stored: string): string {
  if (!stored.includes('\u0001')) return stored
  return stored.replace(/\u0001(?:([\u0001\u0002])|\u0003(.{4}))/g, (_, control: string | undefined, hex) =>
    control === undefined
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : control === '\u0001'
        ? '\u0000'
        : '\u0001',
  )
}

// Without the flag u a pair is two halves: those that stand alone are what is looked for.
const unstorable = /[\u0000\u0001]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function hexOf(unit: string): string {
  return unit.charCodeAt(0).toString(16)
}

/** Bytes of a tenant and a key together, which stand in indexes. */
const longest = 2_000

/** @throws HeadwaterError `view.store-refused` */
export function requireShort(tenant: string, key: string): void {
  if ((tenant.length + key.length) * 3 <= longest) return
  if (Buffer.byteLength(tenant) + Buffer.byteLength(key) <= longest) return
  throw new HeadwaterError(
    'view.store-refused',
    `A tenant and a key together have at most ${longest} bytes in PostgreSQL: ${JSON.stringify(key.slice(0, 80))}…`,
  )
}
