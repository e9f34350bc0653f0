import { isAbandonedPromise } from './abandoned.ts'
import { HeadwaterError } from './errors.ts'

/** A step from each version of a schema to the next, by the version that it takes. */
export type Steps = Readonly<Record<number, Function | undefined>>

/** Brings data of a version to the current one. @throws HeadwaterError `event.upcast-failed`, `event.newer-version`, `event.invalid` */
export type Upcast = (version: number, data: unknown) => unknown

/**
 * Composes the steps of an event type. (Upcasters are Greg Young's; one event in, one event out, so that an event keeps its
 * identity and its place in the log.)
 *
 * @param version the current one
 * @throws HeadwaterError `app.invalid` where a step is missing, or leads nowhere
 */
export function upcastOf(type: string, version: number, steps: Steps): Upcast {
  requireSteps(type, version, steps)
  const upcast: Upcast = (from, data) => {
    if (from === version) return data
    if (from > version) throw newerVersion('This app', type, version, from)
    if (!Number.isInteger(from) || from < 1)
      throw new HeadwaterError('event.invalid', `Event ${type} has no version ${from}`)
    let at = from
    let current = data
    try {
      for (; at < version; at += 1) current = taken(steps[at]?.(current))
      return current
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new HeadwaterError(
        'event.upcast-failed',
        `Event ${type} can’t be brought from version ${at} to ${at + 1}: ${why}`,
        { cause, details: { type, version: from, step: at } },
      )
    }
  }
  stepsByUpcast.set(upcast, steps)
  return upcast
}

const stepsByUpcast = new WeakMap<Upcast, Steps>()

/** The steps that an upcaster was composed of: the code that what is folded from old events depends on. */
export function stepsOf(upcast: Upcast): Steps | undefined {
  return stepsByUpcast.get(upcast)
}

/** Names and versions of event types, and the steps that lead there: for a hash of what is folded from their events. */
export function versionsAsCode(
  events: readonly { readonly type: string; readonly version: number; readonly upcast: Upcast }[],
): readonly unknown[] {
  const sorted = events.toSorted((one, other) => (one.type < other.type ? -1 : 1))
  return sorted.map(({ type, version, upcast }) =>
    version === 1 ? `${type}@1` : [`${type}@${version}`, stepsOf(upcast)],
  )
}

/** The compiler checks this for users of TypeScript; a step that forgets to return, or to wait, is found here. */
function taken(result: unknown): unknown {
  if (result === undefined) throw new TypeError('the upcaster gave nothing')
  if (isAbandonedPromise(result))
    throw new TypeError('the upcaster gave a promise; reading can’t wait for one')
  return result
}

function requireSteps(type: string, version: number, steps: Steps): void {
  if (!Number.isInteger(version) || version < 1)
    throw new HeadwaterError(
      'app.invalid',
      `The version of event ${type} is not a positive integer: ${version}`,
    )
  for (let at = 1; at < version; at += 1) {
    if (typeof steps[at] === 'function') continue
    throw new HeadwaterError(
      'app.invalid',
      `Event ${type} has version ${version} and no upcast[${at}], which brings version ${at} to ${at + 1}`,
    )
  }
  const known = new Set(Array.from({ length: version - 1 }, (_, index) => String(index + 1)))
  const surplus = Object.keys(steps).find((at) => !known.has(at))
  if (surplus === undefined) return
  throw new HeadwaterError(
    'app.invalid',
    `Event ${type} has upcast[${surplus}], but its current version is ${version}`,
  )
}

/** Somebody met an event that code newer than this has written. */
export function newerVersion(who: string, type: string, known: number, version: number): HeadwaterError {
  return new HeadwaterError(
    'event.newer-version',
    `${who} knows ${type} up to version ${known} and met version ${version}`,
    { details: { type, version, known } },
  )
}

/** Counts in types: a tuple of so many elements. */
type Tuple<Length extends number, T extends unknown[] = []> = T['length'] extends Length
  ? T
  : Tuple<Length, [...T, unknown]>
type Next<Version extends number> = [...Tuple<Version>, unknown]['length'] & number
/** 1 | 2 | … up to the version before. */
type Before<Version extends number, T extends unknown[] = [unknown]> = T['length'] extends Version
  ? never
  : T['length'] | Before<Version, [...T, unknown]>

/** The keys of an object of steps are numbers to those who write it, and text to the compiler. */
type NumberOf<Key> = Key extends number ? Key : Key extends `${infer N extends number}` ? N : never
type At<Olds, Version extends number> = Version extends keyof Olds
  ? Olds[Version]
  : `${Version}` extends keyof Olds
    ? Olds[`${Version}`]
    : unknown

/** What the step of a version has to give: what the next step takes; after the last one, what the schema gives. */
type After<Olds, Version extends number, Current extends number, Data> = number extends Current
  ? unknown
  : Next<Version> extends Current
    ? Data
    : At<Olds, Next<Version>>

/** The steps from each version to the next, `Olds` being the data of each old version. */
export type Upcasters<Olds, Current extends number, Data> = {
  readonly [Version in keyof Olds]: (old: Olds[Version]) => After<Olds, NumberOf<Version>, Current, Data>
}

/** Every version before the current one has its step. A version that is known at run time only is checked then. */
export type WithAllSteps<Current extends number> = number extends Current
  ? unknown
  : Current extends 1
    ? { readonly upcast?: never }
    : {
        readonly version: Current
        readonly upcast: { readonly [Version in Before<Current>]: unknown }
      }

/** No other version has one. */
export type WithoutOtherSteps<Olds, Current extends number> = number extends Current
  ? unknown
  : {
      readonly upcast?: {
        readonly [Other in Exclude<
          NumberOf<keyof Olds>,
          Before<Current>
        > as `${Other}`]: `There is nothing to upcast version ${Other} to: the current one is ${Current}`
      }
    }

/** The data of each version: of the old ones what their steps take, of the current one what its schema takes. */
export type DataOfVersions<Olds, Current extends number, Input> = {
  readonly [Version in NumberOf<keyof Olds>]: At<Olds, Version>
} & { readonly [Version in Current]: Input }
