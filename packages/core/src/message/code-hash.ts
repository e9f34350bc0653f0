import { createHash } from 'node:crypto'
import { codeText } from './code-text.ts'

/**
 * Tells whether code that made something stored is still the code there is: a hash of functions by their text, and of what
 * stands beside them by value. It sees the functions that it is given, not those that they call: who changes a helper
 * says so by a version.
 *
 * @returns 16 hexadecimal digits, the same wherever the functions were written the same, apart from their format
 */
export function codeHash(...parts: readonly unknown[]): string {
  const hash = createHash('sha256')
  const above = new Set<object>()
  const add = (value: unknown): void => {
    if (typeof value === 'function') {
      hash.update(`ƒ${codeText(value.toString())}\u0000`)
      return
    }
    if (typeof value !== 'object' || value === null) {
      hash.update(`${typeof value} ${String(value)}\u0000`)
      return
    }
    if (above.has(value)) {
      hash.update('↺')
      return
    }
    above.add(value)
    addObject(value)
    above.delete(value)
  }
  const addObject = (value: object): void => {
    hash.update(`${kindOf(value)}(`)
    if (value instanceof Date) hash.update(String(value.getTime()))
    else if (value instanceof RegExp) hash.update(String(value))
    else if (Array.isArray(value) || value instanceof Set) for (const item of value) add(item)
    else if (value instanceof Map) {
      for (const [key, item] of value) {
        add(key)
        add(item)
      }
    } else {
      for (const [key, item] of Object.entries(value).sort(byKey)) {
        add(key)
        add(item)
      }
    }
    hash.update(')')
  }
  for (const part of parts) add(part)
  return hash.digest('hex').slice(0, 16)
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value)
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}
