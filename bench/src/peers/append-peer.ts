import type { Slice } from '../measure/load.ts'

/** Who takes part in the append benches: an empty database in a folder, loaded slice by slice. */
export interface AppendPeer {
  readonly name: string
  open(folder: string, nextStream: () => string): Promise<AppendLoad>
}

export interface AppendLoad {
  /** One event on a new stream per operation, so many callers at a time, for so many milliseconds. */
  slice(callers: number, milliseconds: number): Promise<Slice>
  close(): Promise<void>
}
