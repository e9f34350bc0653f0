import type { Arguments, OperationName, Results } from './write/operations.ts'

/** The one writer of a process. */
export interface Writer {
  /** @throws HeadwaterError `log.busy`, `log.closed`, `log.unavailable`, and what the operation throws */
  perform<Name extends OperationName>(name: Name, ...args: Arguments[Name]): Promise<Results[Name]>
  /** Refuses what comes from now on, and finishes what was asked for. */
  finish(): Promise<void>
  /** The same, and lets go of the file. */
  close(): Promise<void>
}
