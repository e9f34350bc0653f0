import type { Slice } from '../../measure/load.ts'

/** Who takes part in the command bench of PostgreSQL, each in a database of its own. */
export interface CommandPeer {
  readonly name: string
  /** Makes its tables, and gives the hot streams their history. */
  fill(url: string): Promise<void>
  /** Opens so many connections, before the clock runs. */
  connect(url: string, connections: number): Promise<CommandLoad>
}

export interface CommandLoad {
  /** Deposits into accounts picked at random, so many callers at a time, for so many milliseconds. */
  slice(callers: number, milliseconds: number): Promise<Slice>
  close(): Promise<void>
}
