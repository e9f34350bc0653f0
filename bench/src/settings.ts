import { parseArgs } from 'node:util'
import type { StreamOrder } from './data/streams.ts'

/** What a run is asked for. */
export interface Settings {
  /** Tiny sizes: everything must come out, however badly measured. */
  readonly smoke: boolean
  /** Rounds of turns that count, after one to warm up. */
  readonly runs: number
  /** How long a slice of load lasts, in milliseconds. */
  readonly slice: number
  readonly streams: StreamOrder
  /** False: only the peers. */
  readonly ours: boolean
  /** How many events a replay folds. */
  readonly events: number
}

export interface Invocation {
  readonly names: readonly string[]
  readonly list: boolean
  readonly json: boolean
  readonly settings: Settings
}

export const usage = `npm run bench -- <name>… | all   [options]
  --list            the benches
  --json            a line of JSON per figure
  --runs <n>        rounds that count (default 5)
  --streams random  names of streams by UUID version 4 instead of the time-ordered 7
  --events <n>      how many events a replay folds (default 1,000,000)
  --peers-only      leave ours out
  --smoke           tiny sizes, to see that everything works`

/** @throws Error with a message for the user */
export function parseInvocation(args: readonly string[]): Invocation {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      'peers-only': { type: 'boolean', default: false },
      runs: { type: 'string' },
      events: { type: 'string' },
      streams: { type: 'string', default: 'ordered' },
    },
  })
  const { smoke, streams } = values
  if (streams !== 'ordered' && streams !== 'random') throw new Error('--streams is "ordered" or "random"')
  return {
    names: positionals,
    list: values.list,
    json: values.json,
    settings: {
      smoke,
      runs: count('--runs', values.runs) ?? (smoke ? 1 : 5),
      slice: smoke ? 100 : 1500,
      streams,
      ours: !values['peers-only'],
      events: count('--events', values.events) ?? (smoke ? 2_000 : 1_000_000),
    },
  }
}

function count(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} needs a positive whole number, not ${value}`)
  return number
}
