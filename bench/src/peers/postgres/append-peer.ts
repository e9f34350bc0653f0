import { payload, type Payload } from '../../data/payload.ts'
import { drive, type Slice } from '../../measure/load.ts'

/** Who takes part in the append benches of PostgreSQL, each in a database of its own. */
export interface AppendPeer {
  readonly name: string
  /** Makes its tables. */
  create(url: string): Promise<void>
  /** Opens so many connections, before the clock runs. */
  connect(url: string, connections: number): Promise<AppendLoad>
}

export interface AppendLoad {
  /** One event on a new stream per operation, so many callers at a time, for so many milliseconds. */
  slice(callers: number, milliseconds: number, nextStream: () => string): Promise<Slice>
  /** Closes the connections: the next peer has the server for itself. */
  close(): Promise<void>
}

/** @param append gets which of the callers it is for, from 0 */
export function loadOf(
  append: (stream: string, data: Payload, caller: number) => Promise<unknown>,
  close: () => Promise<void>,
): AppendLoad {
  let n = 0
  return {
    slice: (callers, milliseconds, nextStream) =>
      drive(callers, milliseconds, (_end, caller) => append(nextStream(), payload(n++), caller)),
    close,
  }
}
