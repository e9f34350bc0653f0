import type { Line } from './lines.ts'

/** A record as the file has it. */
export interface SourceRecord {
  /** The line on which it begins, from 1. */
  readonly line: number
  /** Undefined where it can't be read at all. */
  readonly value: Readonly<Record<string, unknown>> | undefined
  /** What is wrong with it as a line, before anybody asked what it says. */
  readonly fault: string | undefined
}

/** One JSON object per line; empty lines are left out. */
export async function* jsonLineRecords(
  lines: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly SourceRecord[]> {
  for await (const batch of lines) {
    const records = batch.filter(({ text }) => text.trim() !== '').map(jsonRecord)
    if (records.length > 0) yield records
  }
}

function jsonRecord({ number, text }: Line): SourceRecord {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { line: number, value: { ...value }, fault: undefined }
    }
    return { line: number, value: undefined, fault: 'is no JSON object' }
  } catch (error) {
    return {
      line: number,
      value: undefined,
      fault: `is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
