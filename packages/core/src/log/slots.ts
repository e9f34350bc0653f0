/**
 * Keys are hashed to slots, and a partition is a range of slots: it can be split and joined with its neighbour without
 * looking at a key. What is stored goes by it, so neither the number nor the hash ever changes.
 */
export const slotCount = 65_536

/** Slots from the first to the last, both included. */
export interface SlotRange {
  readonly first: number
  readonly last: number
}

export const allSlots: SlotRange = Object.freeze({ first: 0, last: slotCount - 1 })

/** The slot of a tenant's key: FNV-1a over its UTF-16 units, with the last mixing of MurmurHash3. */
export function slotOf(tenant: string, key: string): number {
  let hash = absorb(0x811c9dc5, tenant)
  hash = absorb(Math.imul(hash, 0x01000193), key)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 16
}

function absorb(start: number, text: string): number {
  let hash = start
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}

/** Cuts all slots into ranges of the same size, as nearly as that goes. */
export function equalRanges(count: number): readonly SlotRange[] {
  const cut = (index: number): number => Math.floor((index * slotCount) / count)
  return Array.from({ length: count }, (_, index) => ({ first: cut(index), last: cut(index + 1) - 1 }))
}

export function isWhole({ first, last }: SlotRange): boolean {
  return first === 0 && last === slotCount - 1
}

export function holds({ first, last }: SlotRange, slot: number): boolean {
  return slot >= first && slot <= last
}
