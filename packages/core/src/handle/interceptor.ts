import type { CommandMessage } from '../message/command.ts'
import type { ExecuteOptions, Outcome } from './outcome.ts'

/** A command on its way to its handler. */
export interface CommandInFlight {
  readonly command: CommandMessage
  readonly options: ExecuteOptions & { readonly id: string }
}

/** Sees every command and its outcome; may refuse it by throwing, or change what goes on. */
export type Interceptor = (
  inFlight: CommandInFlight,
  next: (inFlight: CommandInFlight) => Promise<Outcome>,
) => Promise<Outcome>

/** All of them around the last, the first one outermost. */
export function compose(
  interceptors: readonly Interceptor[],
  last: (inFlight: CommandInFlight) => Promise<Outcome>,
): (inFlight: CommandInFlight) => Promise<Outcome> {
  return interceptors.reduceRight<(inFlight: CommandInFlight) => Promise<Outcome>>(
    (next, interceptor) => (inFlight) => interceptor(inFlight, next),
    last,
  )
}
