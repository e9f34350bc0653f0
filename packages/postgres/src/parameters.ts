import type { Value } from './database.ts'

/** The values that a statement is given, each by its number. */
export class Parameters {
  readonly values: Value[] = []

  add(value: Value): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}
