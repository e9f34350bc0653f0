/** Freezes a value and everything it holds: an event is immutable from the moment it is made. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  // A view into memory (a Uint8Array) can't be frozen.
  return ArrayBuffer.isView(value) ? value : Object.freeze(value)
}
