import { isAbandonedPromise } from '../message/abandoned.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'
import { asRecorded, type Fact, recordedEvent } from '../message/recorded.ts'
import { aggregateIdOf } from '../message/stream.ts'
import type { AggregateOptions } from './aggregate.ts'
import type { DecisionContext } from './context.ts'
import { isRejection } from './decision.ts'
import type { Rejection } from './reject.ts'
import type { RuleLookup } from './rule-book.ts'

/** What a class of aggregates is defined by, beside its methods. */
export interface ClassDefinition<
  Name extends string,
  State,
  Events extends AnyEventType,
  Id extends string = string,
> {
  readonly name: Name
  readonly events: readonly Events[]
  readonly initial: State
  readonly evolve: (state: State, fact: Fact, rules?: RuleLookup) => State
  /** What `evolve` is made of. */
  readonly code: unknown
  readonly options: AggregateOptions<Id, State>
}

type Evolving<State> = Pick<ClassDefinition<string, State, AnyEventType>, 'evolve'>

/**
 * What an instance of a class of aggregates works on: the state of its stream, and what it raises. The state is frozen: it
 * is also the one that others decide on, should this turn be lost.
 */
export class Turn<State> {
  readonly #definition: Evolving<State>
  #state: State
  #context: DecisionContext
  #raised: NewEvent[] = []

  constructor(definition: Evolving<State>, state: State, context: DecisionContext) {
    this.#definition = definition
    this.#state = deepFreeze(state)
    this.#context = context
  }

  get id(): string {
    return aggregateIdOf(this.#context.stream)
  }

  get state(): State {
    return this.#state
  }

  get context(): DecisionContext {
    return this.#context
  }

  get raised(): readonly NewEvent[] {
    return this.#raised
  }

  /** @throws HeadwaterError `event.unknown` */
  raise(event: NewEvent): void {
    const fact = pending(event, this.#context, this.#raised.length + 1)
    const rules: RuleLookup = (rule, at) => this.#context.rule(rule, at)
    this.#state = deepFreeze(this.#definition.evolve(this.#state, fact, rules))
    this.#raised.push(event)
  }

  /**
   * What the turn decided.
   *
   * @param answer what the method gave
   */
  end(answer: unknown): readonly NewEvent[] | Rejection {
    if (isRejection(answer)) return answer
    if (isAbandonedPromise(answer)) {
      throw new TypeError('A decision can not wait for anything: load first, then change, then save')
    }
    return this.#raised
  }

  /** What was raised is recorded: the instance may go on, in a turn of its own. */
  begin(context: DecisionContext): void {
    this.#context = context
    this.#raised = []
  }
}

/** The fact that an event becomes if it is recorded as things stand. */
function pending(
  { type, version, data, occurredAt }: NewEvent,
  context: DecisionContext,
  ordinal: number,
): Fact {
  const { tenant, stream, revision, commandId, actor, correlationId, now } = context
  return recordedEvent(
    {
      position: 0,
      recordedAt: 0,
      tenant,
      stream,
      revision: revision + ordinal,
      type,
      version,
      commandId,
      ordinal,
      occurredAt: (occurredAt ?? now).getTime(),
      actor,
      correlationId,
      causationId: null,
    },
    asRecorded(() => data),
  )
}
