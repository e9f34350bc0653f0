export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isContainer(value: unknown): value is JsonObject | readonly unknown[] {
  return typeof value === 'object' && value !== null
}

/** The entries of an object or an array, as a tree shows them. */
export function entriesOf(value: JsonObject | readonly unknown[]): [string, unknown][] {
  return Object.entries(value)
}

/** One value on one line, without quotes around a text that stands alone. */
export function inline(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value) ?? 'undefined'
}

export interface SummaryPart {
  readonly name: string
  readonly value: string
}

/** The few things that tell one event from the next: its simple fields, and how many its lists hold. */
export function summaryOf(data: unknown): SummaryPart[] {
  if (!isObject(data)) return data === null || data === undefined ? [] : [{ name: '', value: inline(data) }]
  const parts: SummaryPart[] = []
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined || value === null) continue
    if (Array.isArray(value)) parts.push({ name, value: `[${value.length}]` })
    else if (!isObject(value)) parts.push({ name, value: inline(value) })
    else
      for (const inner of summaryOf(value)) parts.push({ name: `${name}.${inner.name}`, value: inner.value })
  }
  return parts
}
