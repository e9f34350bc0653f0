import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { Entry, EntryBody } from './entries.ts'

/** Microseconds of the machine's monotonic clock, which all of its processes share. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}

/** What one process writes down. A line is with the system before the call returns: a killed process loses none. */
export class Journal {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  write(entry: EntryBody): void {
    writeSync(this.#file, `${JSON.stringify({ at: microseconds(), ...entry })}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

const pieceSize = 256 * 1_024

/** The whole lines of a file, a piece at a time. A last line without an end was cut off by a kill, and is left out. */
export function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const piece = Buffer.allocUnsafe(pieceSize)
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const size = readSync(file, piece, 0, pieceSize, null)
      if (size === 0) return
      const bytes = Buffer.concat([rest, piece.subarray(0, size)])
      const end = bytes.lastIndexOf(10)
      rest = bytes.subarray(end + 1)
      if (end > 0) yield* bytes.toString('utf8', 0, end).split('\n')
    }
  } finally {
    closeSync(file)
  }
}

/** The entries of journals that were written one after the other. */
export function* entriesOf(paths: readonly string[]): Generator<Entry> {
  for (const path of paths) for (const line of linesOf(path)) yield JSON.parse(line) as Entry
}

/** Entries of many writers in the order of time. */
export function* merged(writers: readonly Iterable<Entry>[]): Generator<Entry> {
  const open = writers.flatMap((writer) => {
    const entries = writer[Symbol.iterator]()
    const first = entries.next()
    return first.done === true ? [] : [{ entries, entry: first.value }]
  })
  while (open.length > 0) {
    let earliest = 0
    for (let index = 1; index < open.length; index += 1)
      if ((open[index]?.entry.at ?? 0) < (open[earliest]?.entry.at ?? 0)) earliest = index
    const writer = open[earliest]
    if (writer === undefined) return
    yield writer.entry
    const next = writer.entries.next()
    if (next.done === true) open.splice(earliest, 1)
    else writer.entry = next.value
  }
}
