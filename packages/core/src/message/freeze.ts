/** Objects that were frozen before somebody gave them to us: by others, perhaps not all the way down, or by us. */
const metFrozen = new WeakSet<object>()

/** Freezes a value and everything it holds: an event is immutable from the moment it is made. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  // A view into memory (a Uint8Array) can't be frozen.
  if (ArrayBuffer.isView(value)) return value
  if (Object.isFrozen(value)) {
    // What is frozen may hold what is not (`readonly()` of a schema), but one look at it is enough, also where it holds
    // itself.
    if (metFrozen.has(value)) return value
    metFrozen.add(value)
  }
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}
