import type { CommandLog, CommandRow } from '../log/store.ts'

/** So many commands are looked at in one call for one that recorded something: most did. */
const pageSize = 32

/**
 * The sequence of the last command that was decided before anything beyond a position was recorded: a search by halves, as
 * positions rise with sequences.
 */
export async function sequenceAt(commands: CommandLog, branch: number, position: number): Promise<number> {
  const first = new FirstRecorded(commands, branch)
  return first.before(await lastRecorded(first, position), position)
}

/** A sequence before that of the command that has recorded an event at a position, and near it. */
export async function sequenceBefore(
  commands: CommandLog,
  branch: number,
  position: number,
): Promise<number> {
  return Math.max(0, (await lastRecorded(new FirstRecorded(commands, branch), position)) - 2)
}

/** The last sequence, or the last but one, of a command that has recorded something up to a position. */
async function lastRecorded(first: FirstRecorded, position: number): Promise<number> {
  const isBeyond = (row: CommandRow | undefined): row is undefined =>
    row === undefined || (row.position ?? 0) > position
  let low = 0
  let high = 1
  for (let row = await first.after(high); !isBeyond(row); row = await first.after(high)) {
    low = (row as CommandRow).sequence
    high = low * 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const row: CommandRow | undefined = await first.after(middle)
    if (isBeyond(row)) high = middle
    else low = (row as CommandRow).sequence
  }
  return low
}

/** Finds commands that recorded something: rejections have no place in the log, and follow what they knew. */
class FirstRecorded {
  readonly #commands: CommandLog
  readonly #branch: number

  constructor(commands: CommandLog, branch: number) {
    this.#commands = commands
    this.#branch = branch
  }

  async after(sequence: number): Promise<CommandRow | undefined> {
    for await (const row of this.#from(sequence)) if (row.position !== null) return row
    return undefined
  }

  /** The last sequence before a command that recorded something beyond a position. */
  async before(sequence: number, position: number): Promise<number> {
    let last = sequence
    for await (const row of this.#from(sequence)) {
      if (row.position !== null && row.position > position) break
      last = row.sequence
    }
    return last
  }

  async *#from(sequence: number): AsyncGenerator<CommandRow> {
    let after = sequence
    for (;;) {
      const rows = await this.#commands.read({
        branch: this.#branch,
        tenant: undefined,
        after,
        limit: pageSize,
      })
      yield* rows
      after = rows.at(-1)?.sequence ?? after
      if (rows.length < pageSize) return
    }
  }
}
