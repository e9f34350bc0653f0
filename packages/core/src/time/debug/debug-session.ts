import { passes, valueAt } from '../../log/filter.ts'
import type { LogFeed } from '../../log/feed.ts'
import { type EventRow, type Log, mainBranch } from '../../log/port.ts'
import type { Filter } from '../../log/store.ts'
import { HeadwaterError } from '../../message/errors.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { turn } from '../../process/turns.ts'
import type { DebugStep } from './debug-step.ts'
import type { StepReader } from './step-reader.ts'
import type { Walk } from './walk.ts'

export type Direction = 'forward' | 'back'

/** A condition on the state of the aggregates that a session goes through, right after an event. */
export interface StateCondition {
  /** Of one stream; default: of whichever the event stands in. */
  readonly stream?: string | undefined
  /** `balance`, or `address.city`. */
  readonly path: string
  readonly operator: Filter['operator']
  readonly value: Filter['value']
}

/** Until when to run. */
export type Until = StateCondition | ((event: RecordedEvent, state: unknown) => boolean)

export interface RunOptions {
  readonly direction?: Direction
  readonly signal?: AbortSignal
}

/** Where a session stands. */
export interface DebugPlace {
  /** Of the last event that it has gone through; 0: it stands before the first one. */
  readonly position: number
  /** The last position of the log. */
  readonly head: number
}

/** Goes through recorded events one by one, in both directions, like a debugger through a program. Nothing happens by it. */
export interface DebugSession {
  readonly position: number
  place(): Promise<DebugPlace>
  /** The event at which it stands, and what it changed; undefined: it stands before the first one. */
  current(): Promise<DebugStep | undefined>
  /** Goes to the next event; undefined: there is none, and it stays where it is. */
  step(): Promise<DebugStep | undefined>
  /** Goes to the event before; undefined: there is none, and it stands before the first one. */
  back(): Promise<DebugStep | undefined>
  /**
   * Goes to the last event up to a position.
   *
   * @throws HeadwaterError `time.not-yet`
   */
  runTo(position: number): Promise<DebugStep | undefined>
  /** Goes to the next event of a type, or to the one before; undefined: there is none, and it stays where it is. */
  runToType(type: string, options?: RunOptions): Promise<DebugStep | undefined>
  /** Goes to the next event after which a condition holds; undefined: it never does, and it stays where it is. */
  runUntil(until: Until, options?: RunOptions): Promise<DebugStep | undefined>
}

export interface SessionParts {
  readonly log: Log
  readonly feed: LogFeed
  readonly walk: Walk
  readonly steps: StepReader
  readonly from: number
}

export class WalkingSession implements DebugSession {
  readonly #parts: SessionParts
  #position: number
  #step: DebugStep | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#position = parts.from
  }

  get position(): number {
    return this.#position
  }

  async place(): Promise<DebugPlace> {
    return { position: this.#position, head: await this.#head() }
  }

  async current(): Promise<DebugStep | undefined> {
    if (this.#step?.event.position === this.#position) return this.#step
    return this.#goTo(await this.#parts.walk.previous(this.#position + 1))
  }

  async step(): Promise<DebugStep | undefined> {
    return this.#goTo(await this.#parts.walk.next(this.#position))
  }

  async back(): Promise<DebugStep | undefined> {
    const row = await this.#parts.walk.previous(this.#position)
    if (row === undefined) this.#position = 0
    return this.#goTo(row)
  }

  async runTo(position: number): Promise<DebugStep | undefined> {
    const head = await this.#head()
    if (position > head) {
      throw new HeadwaterError('time.not-yet', `The log ends at position ${head}, before ${position}`, {
        details: { head, at: position },
      })
    }
    const row = await this.#parts.walk.previous(position + 1)
    if (row === undefined) this.#position = 0
    return this.#goTo(row)
  }

  async runToType(type: string, { direction = 'forward' }: RunOptions = {}): Promise<DebugStep | undefined> {
    return this.#goTo(await this.#beside(this.#position, direction, [type]))
  }

  async runUntil(
    until: Until,
    { direction = 'forward', signal }: RunOptions = {},
  ): Promise<DebugStep | undefined> {
    const stream = typeof until === 'function' ? undefined : until.stream
    for (let from = this.#position; ; ) {
      signal?.throwIfAborted()
      const row = await this.#beside(from, direction)
      if (row === undefined) return undefined
      from = row.position
      if (stream === undefined || row.stream === stream) {
        const event = this.#parts.feed.decode(row)
        if (holds(until, event, await this.#parts.steps.stateAfter(event))) return this.#goTo(row)
      }
      await turn()
    }
  }

  #beside(from: number, direction: Direction, types?: readonly string[]): Promise<EventRow | undefined> {
    const { walk } = this.#parts
    return direction === 'forward' ? walk.next(from, types) : walk.previous(from, types)
  }

  async #goTo(row: EventRow | undefined): Promise<DebugStep | undefined> {
    if (row === undefined) return undefined
    this.#step = await this.#parts.steps.read(this.#parts.feed.decode(row))
    this.#position = row.position
    return this.#step
  }

  async #head(): Promise<number> {
    return (await this.#parts.log.head(mainBranch)).position
  }
}

function holds(until: Until, event: RecordedEvent, state: unknown): boolean {
  if (typeof until === 'function') return until(event, state)
  const { path, operator, value } = until
  return passes({ path, operator, value }, valueAt(state, path))
}
