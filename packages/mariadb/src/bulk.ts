import type { Session, Value } from './connections.ts'

/** So many rows go with one statement: few sizes, so that MariaDB prepares few statements. */
const sizes = [256, 32, 4, 1]
/** Characters and bytes that go with one statement, unless a single row holds more. */
const largest = 2 * 1024 * 1024

/**
 * Runs a statement for many rows, some at a time.
 *
 * @param sql gives the statement for so many rows
 */
export async function inChunks(
  session: Session,
  rows: readonly (readonly Value[])[],
  sql: (count: number) => string,
): Promise<void> {
  let from = 0
  while (from < rows.length) {
    const count = sizes.find((size) => size === 1 || fits(rows, from, size)) ?? 1
    await session.run(sql(count), rows.slice(from, from + count).flat())
    from += count
  }
}

function fits(rows: readonly (readonly Value[])[], from: number, count: number): boolean {
  if (from + count > rows.length) return false
  let size = 0
  for (let index = from; index < from + count; index += 1) {
    for (const value of rows[index] ?? []) {
      if (typeof value === 'string' || value instanceof Uint8Array) size += value.length
    }
    if (size > largest) return false
  }
  return true
}

/** `(?, ?), (?, ?), (?, ?)` */
export function tuples(count: number, columns: number): string {
  const tuple = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  return Array.from({ length: count }, () => tuple).join(', ')
}
