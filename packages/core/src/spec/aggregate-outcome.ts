import { type ErrorCode, isHeadwaterError } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type AggregateStory, describeReason, type Result } from './aggregate-story.ts'
import { type Caller, failure, requireSame } from './failure.ts'
import type { Likeness } from './like.ts'
import { type ExpectedEvent, requireMessages, shapeOf } from './messages.ts'
import { inline, type ResultLine, tell } from './print.ts'
import type { OwnCode, OwnExpected } from './types.ts'

/** What else is expected of a rejection; what isn't named may be anything, except that no event is recorded. */
export interface ExpectedRejection<Events extends readonly ExpectedEvent[] = readonly ExpectedEvent[]> {
  readonly message?: string
  readonly data?: unknown
  /** What the rejection records. */
  readonly events?: Events
}

/** What is expected of a command's outcome; expectations can be put one after the other. */
export class AggregateExpectations<State, Events extends AnyEventType, Codes extends string> {
  readonly #story: AggregateStory<State>
  readonly #result: Result

  constructor(story: AggregateStory<State>, result: Result) {
    this.#story = story
    this.#result = result
  }

  /** The command is accepted, and there was nothing to do. */
  thenNothing(): AggregateExpectations<State, Events, Codes> {
    return this.recorded([], this.thenNothing)
  }

  /** The command is rejected with this code. */
  thenRejected<const Code extends string, const Items extends readonly ExpectedEvent[] = []>(
    code: OwnCode<Code, Codes>,
    { events, ...rest }: ExpectedRejection<OwnExpected<Items, Events, 'aggregate'>> = {},
  ): AggregateExpectations<State, Events, Codes> {
    const caller = this.thenRejected
    const result = this.#result
    if (result.status !== 'rejected') throw this.#unlike(`to be rejected with ${code}`, caller)
    const expected = { code, ...rest }
    const actual = Object.fromEntries(
      Object.keys(expected).map((key) => [key, Reflect.get(result.reason, key)]),
    )
    requireSame(
      expected,
      actual,
      `${this.#command} was rejected otherwise than expected`,
      this.#told(),
      caller,
    )
    this.#compare(events ?? [], result.events, caller)
    return this.met()
  }

  /** The command isn't decided: it is invalid, forbidden, or its decision threw. */
  thenFails(code: ErrorCode): AggregateExpectations<State, Events, Codes> {
    const result = this.#result
    if (result.status !== 'failed') throw this.#unlike(`to fail with ${code}`, this.thenFails)
    const actual = isHeadwaterError(result.error) ? result.error.code : result.error
    const headline = `${this.#command} failed otherwise than expected`
    requireSame(code, actual, headline, this.#told(), this.thenFails)
    return this.met()
  }

  /** The state after it: all of it, or what `like({ … })` names; or a function that looks at it. */
  thenState(
    expected: State | Likeness<State> | ((state: State) => void),
  ): AggregateExpectations<State, Events, Codes> {
    const { state } = this.#story
    if (isFunction<State>(expected)) expected(state)
    else
      requireSame(
        expected,
        state,
        `${this.#after}: the state is not as expected`,
        this.#told(),
        this.thenState,
      )
    return this.met()
  }

  /** What goes on from here. */
  protected met(): AggregateExpectations<State, Events, Codes> {
    return new AggregateExpectations(this.#story, this.#result)
  }

  get #command(): string {
    return `${this.#story.name}: ${this.#result.command}`
  }

  get #after(): string {
    return `${this.#story.name}, after ${this.#result.command}`
  }

  /** @param expected what was expected, and is missing */
  #told(expected: readonly ExpectedEvent[] = []): readonly string[] {
    const missing = expected.map(
      (event): ResultLine => ({ sign: '-', ...shapeOf(event), remark: '← expected' }),
    )
    return tell(this.#story.lines, [...missing, ...linesOf(this.#result)])
  }

  protected recorded(
    expected: readonly ExpectedEvent[],
    caller: Caller,
  ): AggregateExpectations<State, Events, Codes> {
    if (this.#result.status !== 'accepted') throw this.#unlike('to be accepted', caller, expected)
    this.#compare(expected, this.#result.events, caller)
    return this.met()
  }

  #compare(expected: readonly ExpectedEvent[], actual: readonly RecordedEvent[], caller: Caller): void {
    const comparison = { expected: expected.map(shapeOf), actual, verb: 'recorded' as const }
    requireMessages({ ...comparison, after: this.#after, story: this.#story.lines }, caller)
  }

  /** The command had another kind of outcome than the one that was expected. */
  #unlike(expected: string, caller: Caller, events: readonly ExpectedEvent[] = []): Error {
    const result = this.#result
    const { became, actual } = describeResult(result)
    return failure(
      {
        headline: `${this.#command} was expected ${expected}, but ${became}`,
        story: this.#told(events),
        expected: events.length === 0 ? expected : events.map(shapeOf),
        actual,
        ...(result.status === 'failed' && { cause: result.error }),
      },
      caller,
    )
  }
}

/** What became of a command. */
export class AggregateOutcome<State, Events extends AnyEventType, Codes extends string> //
  extends AggregateExpectations<State, Events, Codes>
{
  /** These events are recorded and no others, in this order; ids and times are compared where they are named. */
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the trade; see below for who awaits it
  then<const Items extends readonly ExpectedEvent[]>(
    ...events: OwnExpected<Items, Events, 'aggregate'>
  ): AggregateExpectations<State, Events, Codes> {
    // A test that returns it without an expectation has it awaited by its runner, which passes functions.
    if (events.length === 0 || events.some((event) => typeof event === 'function'))
      throw new TypeError('Nothing is expected yet: then(…) needs events, thenNothing() expects none')
    return this.recorded(events, this.then)
  }
}

/** What there is, told line by line. */
function linesOf(result: Result): readonly ResultLine[] {
  if (result.status === 'failed') return []
  const events = result.events.map(({ type, data }): ResultLine => ({ sign: ' ', type, data }))
  if (result.status === 'accepted') return events
  const { code, message, data } = result.reason
  const reason = { ...(message !== undefined && { message }), ...(data !== undefined && { data }) }
  return [{ sign: ' ', type: '(rejected)', data: { code, ...reason } }, ...events]
}

function describeResult(result: Result): { readonly became: string; readonly actual: unknown } {
  switch (result.status) {
    case 'accepted':
      return { became: 'it was accepted', actual: result.events.map(({ type, data }) => ({ type, data })) }
    case 'rejected':
      return { became: `it was rejected with ${describeReason(result.reason)}`, actual: result.reason }
    case 'failed': {
      const { error } = result
      const code = isHeadwaterError(error) ? `${error.code}: ${error.message}` : inline(error)
      return { became: `it failed with ${code}`, actual: code }
    }
  }
}

function isFunction<State>(expected: unknown): expected is (state: State) => void {
  return typeof expected === 'function'
}
