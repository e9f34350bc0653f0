import type { AnyExternal, OutsideContext } from '../message/external.ts'

/**
 * Where the answer to a call comes from.
 * - `live`: from the outside, once for each call; from the journal, where this call was answered before.
 * - `recorded`: from what was last answered to the same request, whoever asked. Nothing reaches the outside.
 * - `replayed`: from what this very call was answered then; of a query, which can't be asked again, as `recorded`. Nothing
 *   reaches the outside.
 * - `blocked`: from nowhere.
 */
export type ExternalMode = 'live' | 'recorded' | 'replayed' | 'blocked'

const modes: readonly ExternalMode[] = ['live', 'recorded', 'replayed', 'blocked']

/** The one that reaches out less far. */
export function stricter(one: ExternalMode, other: ExternalMode): ExternalMode {
  return modes.indexOf(one) >= modes.indexOf(other) ? one : other
}

/** Where an external may be asked from, and as of when. */
export interface Reach {
  readonly mode: ExternalMode
  readonly tenant: string
  /** What is recorded is as of then: epoch milliseconds. Undefined: now. */
  readonly at?: number
}

/** @param mode default: as far as it may be reached at all */
export function reachOf(tenant: string, mode: ExternalMode = 'live'): Reach {
  return { mode, tenant }
}

/** Stands for the outside: what an external calls instead. */
export type StandIn = (request: unknown, context: OutsideContext) => unknown

/** One mode for all externals, or modes or stand-ins by their names; those that are not named are live. */
export type ExternalModes = ExternalMode | Readonly<Record<string, ExternalMode | StandIn>>

export function modesOf(modes: ExternalModes = 'live'): (external: string) => ExternalMode {
  return (external) => {
    const mode = typeof modes === 'string' ? modes : (modes[external] ?? 'live')
    return typeof mode === 'string' ? mode : 'live'
  }
}

/** The externals, calling their stand-ins where they have any. */
export function withStandIns(
  externals: ReadonlyMap<string, AnyExternal>,
  modes: ExternalModes = 'live',
): ReadonlyMap<string, AnyExternal> {
  const standIn = ([name, external]: readonly [string, AnyExternal]): [string, AnyExternal] => {
    const call = typeof modes === 'string' ? undefined : modes[name]
    return [name, typeof call === 'function' ? { ...external, call } : external]
  }
  return new Map([...externals].map(standIn))
}
