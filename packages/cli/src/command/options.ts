import { usageError } from './cli-error.ts'

/** An option of a command: how it is written, and which value comes of it. */
export interface Option<Value> {
  readonly description: string
  /** What stands for the value in the help; undefined: a flag, on or off. */
  readonly placeholder: string | undefined
  /** May be given more than once. */
  readonly multiple: boolean
  /** For the help: what holds where it isn't given. */
  readonly shownDefault: string | undefined
  /** @throws CliError usage */
  read(given: readonly (string | boolean)[], name: string): Value
}

export type Options = Readonly<Record<string, Option<unknown>>>
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer Value> ? Value : never
}

/** On or off; `--no-<name>` turns it off. */
export function flag(description: string, options: { readonly default?: boolean } = {}): Option<boolean> {
  const fallback = options.default ?? false
  return {
    description,
    placeholder: undefined,
    multiple: false,
    shownDefault: fallback ? 'on' : undefined,
    read: (given) => (given.length === 0 ? fallback : given.at(-1) === true),
  }
}

/** Any text. */
export function text(placeholder: string, description: string): Option<string | undefined>
export function text(
  placeholder: string,
  description: string,
  options: { readonly default: string },
): Option<string>
export function text(
  placeholder: string,
  description: string,
  options: { readonly default?: string; readonly shownDefault?: string } = {},
): Option<string | undefined> {
  return {
    description,
    placeholder,
    multiple: false,
    shownDefault: options.default,
    read: (given) => lastText(given) ?? options.default,
  }
}

interface IntegerRange {
  readonly min?: number
  readonly max?: number
}

/** A whole number. */
export function integer(
  placeholder: string,
  description: string,
  range?: IntegerRange,
): Option<number | undefined>
export function integer(
  placeholder: string,
  description: string,
  range: IntegerRange & { readonly default: number },
): Option<number>
export function integer(
  placeholder: string,
  description: string,
  range: IntegerRange & { readonly default?: number } = {},
): Option<number | undefined> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = range
  return {
    description,
    placeholder,
    multiple: false,
    shownDefault: range.default?.toString(),
    read: (given, name) => {
      const written = lastText(given)
      if (written === undefined) return range.default
      const value = Number(written)
      if (/^-?\d+$/.test(written) && value >= min && value <= max) return value
      const limits = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`
      throw usageError(`--${name} is ${JSON.stringify(written)}`, `Give a whole number ${limits}.`)
    },
  }
}

/** Several texts: the option repeated, or separated by commas. */
export function list(placeholder: string, description: string): Option<readonly string[] | undefined> {
  return {
    description,
    placeholder,
    multiple: true,
    shownDefault: undefined,
    read: (given) => {
      const texts = textsOf(given).flatMap((written) => written.split(','))
      const named = texts.map((part) => part.trim()).filter((part) => part !== '')
      return named.length === 0 ? undefined : named
    },
  }
}

/** Several texts that may hold commas: the option repeated. */
export function repeated(placeholder: string, description: string): Option<readonly string[]> {
  return { description, placeholder, multiple: true, shownDefault: undefined, read: textsOf }
}

/** Text read by a function of its own, which throws a usage error. */
export function parsed<Value>(
  placeholder: string,
  description: string,
  parse: (written: string, name: string) => Value,
): Option<Value | undefined> {
  return {
    description,
    placeholder,
    multiple: false,
    shownDefault: undefined,
    read: (given, name) => {
      const written = lastText(given)
      return written === undefined ? undefined : parse(written, name)
    },
  }
}

/** A moment: `2026-11-21T10:00:00Z`. */
export function instant(description: string): Option<Date | undefined> {
  return parsed('<time>', description, (written, name) => {
    const time = new Date(written)
    if (Number.isNaN(time.getTime())) {
      throw usageError(
        `--${name} is ${JSON.stringify(written)}`,
        'Give an ISO 8601 time: 2026-11-21T10:00:00Z.',
      )
    }
    return time
  })
}

/** A position of the log, or a time; a time that doesn't say otherwise is UTC. */
export function moment(description: string): Option<number | Date | undefined> {
  return parsed('<moment>', description, (written, name) => {
    if (/^\d{1,15}$/.test(written)) return Number(written)
    const hasZone = !/T/.test(written) || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(written)
    const time = new Date(/^\d{4}-\d{2}-\d{2}/.test(written) ? `${written}${hasZone ? '' : 'Z'}` : Number.NaN)
    if (!Number.isNaN(time.getTime())) return time
    throw usageError(
      `--${name} is ${JSON.stringify(written)}`,
      'Give a position of the log, or an ISO 8601 time: 2010-12-03T10:00:00Z.',
    )
  })
}

function textsOf(given: readonly (string | boolean)[]): readonly string[] {
  return given.filter((value) => typeof value === 'string')
}

function lastText(given: readonly (string | boolean)[]): string | undefined {
  return textsOf(given).at(-1)
}
