import type { Slice } from '../measure/load.ts'

/** How many streams the commands are about, and how many events each has before the first slice. */
export const hotStreams = 1_000
export const priorEvents = 10

/** Who takes part in the command bench: hot streams in a folder, loaded slice by slice. */
export interface CommandPeer {
  readonly name: string
  open(folder: string): Promise<CommandLoad>
}

export interface CommandLoad {
  /** Deposits into accounts picked at random, so many callers at a time, for so many milliseconds. */
  slice(callers: number, milliseconds: number): Promise<Slice>
  close(): Promise<void>
}

export function pickAccount(): number {
  return Math.floor(Math.random() * hotStreams)
}
