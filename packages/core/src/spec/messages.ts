import type { CommandMessage } from '../message/command.ts'
import type { NewEvent } from '../message/event.ts'
import { align, type Pair } from './align.ts'
import { differences, settled } from './difference.ts'
import { type Caller, failure } from './failure.ts'
import { asStored } from './history.ts'
import { EventLikeness, Likeness } from './like.ts'
import { describeDifferences, type ResultLine, type StoryLine, tell } from './print.ts'

export type ExpectedEvent = NewEvent | EventLikeness

/** What is compared of a message: its type, its data, and what the expectation names beside them. */
export interface Shape {
  readonly type: string
  readonly data: unknown
  readonly [field: string]: unknown
}

/** A recorded event or a sent command; what an expectation names of it is taken from it. */
export interface Actual {
  readonly type: string
  readonly data: unknown
}

export interface MessagesComparison {
  readonly expected: readonly Shape[]
  readonly actual: readonly Actual[]
  /** What is done with such messages. */
  readonly verb: 'recorded' | 'sent'
  /** `order, after PayOrder`. */
  readonly after: string
  readonly story: readonly StoryLine[]
}

/** What an expectation says of an event, as it is once it was stored. */
export function shapeOf(expected: ExpectedEvent): Shape {
  if (expected instanceof EventLikeness)
    return { type: expected.type, data: expected.data, ...expected.fields }
  const { type, data, occurredAt } = expected
  return { type, data: asStored(data), ...(occurredAt !== undefined && { occurredAt }) }
}

export function shapeOfCommand({ type, data }: CommandMessage): Shape {
  return { type, data: asStored(data) }
}

/** Fails where there are other messages than expected: says which, and at which place of their data. */
export function requireMessages(comparison: MessagesComparison, caller?: Caller): void {
  const { expected, actual, verb, after, story } = comparison
  const pairs = align(expected, actual, costOf).map(({ one, other }) => ({ one, other: seen(other, one) }))
  const wrong = pairs.findIndex((pair) => !isSame(pair))
  const first = pairs[wrong]
  if (first === undefined) return
  const { one, other } = first
  const number = pairs.length > 1 ? ` (${wrong + 1} of ${pairs.length})` : ''
  throw failure(
    {
      headline:
        one !== undefined && other !== undefined
          ? `${after}: ${one.type}${number} is not as expected`
          : `${after}: ${describeAlone(first, pairs, verb)}`,
      details: one !== undefined && other !== undefined ? describeDifferences(differences(one, other)) : [],
      story: tell(
        story,
        pairs.flatMap((pair) => linesOf(pair, verb)),
      ),
      expected: pairs.flatMap(({ one, other }) => (one === undefined ? [] : [settled(one, other)])),
      actual: pairs.flatMap(({ other }) => (other === undefined ? [] : [other])),
    },
    caller,
  )
}

type ShapePair = Pair<Shape, Shape>

function costOf(one: Shape, other: Actual): number {
  if (one.type !== other.type) return 5
  return isSame({ one, other: seen(other, one) }) ? 0 : 3
}

function isSame({ one, other }: ShapePair): boolean {
  return one !== undefined && other !== undefined && differences(one, other).length === 0
}

/** Of what there is, what the expectation looks at. */
function seen(actual: Actual | undefined, expected: Shape | undefined): Shape | undefined {
  if (actual === undefined) return undefined
  const names = Object.keys(expected ?? {}).filter((name) => name !== 'type' && name !== 'data')
  const named = names.map((name) => [name, Reflect.get(actual, name, actual) as unknown])
  return { type: actual.type, data: actual.data, ...Object.fromEntries(named) }
}

function describeAlone({ one, other }: ShapePair, pairs: readonly ShapePair[], verb: string): string {
  const missing = pairs.flatMap((pair) => (pair.one && !pair.other ? [pair.one] : []))
  const surplus = pairs.flatMap((pair) => (pair.other && !pair.one ? [pair.other] : []))
  const isReordered =
    missing.length === surplus.length &&
    missing.every((expected) => surplus.some((actual) => isSame({ one: expected, other: actual })))
  if (isReordered) return `what was expected was ${verb}, in another order`
  return one === undefined
    ? `${other?.type} was ${verb}, and not expected`
    : `${one.type} was expected, and not ${verb}`
}

function linesOf(pair: ShapePair, verb: string): readonly ResultLine[] {
  const { one, other } = pair
  if (isSame(pair)) return other === undefined ? [] : [lineOf(' ', other)]
  return [
    ...(one === undefined ? [] : [lineOf('-', one, '← expected')]),
    ...(other === undefined ? [] : [lineOf('+', other, `← ${verb}`)]),
  ]
}

function lineOf(
  sign: ResultLine['sign'],
  { type, data, stream, ...rest }: Shape,
  remark?: string,
): ResultLine {
  // A described part stands for itself where it is shown.
  const shown = data instanceof Likeness ? data.part : data
  return {
    sign,
    type,
    data: shown,
    ...(typeof stream === 'string' && { where: stream }),
    ...(Object.keys(rest).length > 0 && { beside: rest }),
    ...(remark !== undefined && { remark }),
  }
}
