import type { Aggregate, Decision } from '../decide/aggregate.ts'
import type { AggregateClass, CallResult } from '../decide/aggregate-class.ts'
import { type DecisionContext, decisionContext } from '../decide/context.ts'
import { refusing } from '../decide/functions.ts'
import type { RuleBook } from '../decide/rule-book.ts'
import { Refusal, refusalOf } from '../decide/refusal.ts'
import { Turn } from '../decide/turn.ts'
import type { Handler } from '../handle/deciding.ts'
import type { Accepted, ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { StreamState } from '../handle/states.ts'
import type { CommandMessage } from '../message/command.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEventOf } from '../message/event.ts'
import { checkStreamName, streamName } from '../message/stream.ts'
import { tenantNamed } from '../message/tenant.ts'

/** Whose aggregate it is, and what its methods may ask for: the time, the actor. Kept for when it is saved. */
export type LoadOptions = Omit<ExecuteOptions, 'expectedRevision'>

/** Calls methods of an aggregate. It may be called again, and waits for nothing. */
export type Work<Instance, Events extends AnyEventType> = (
  instance: Instance,
) => CallResult<NewEventOf<Events>>

/** Makes, loads and saves aggregates that are written as classes. */
export interface Repository<Instance, Events extends AnyEventType = AnyEventType> {
  /**
   * A new one, to be saved. It is not looked whether there is one already: saving it finds out.
   *
   * @throws HeadwaterError `stream.invalid-name`
   */
  'new'(id: string, options?: LoadOptions): Instance
  /**
   * Makes a new one, lets `work` change it, and saves what it raised.
   *
   * @throws HeadwaterError `command.revision-mismatch` where there is one already
   */
  'new'(id: string, work: Work<Instance, Events>, options?: LoadOptions): Promise<Accepted>
  /**
   * Loads one, lets `work` change it, and saves what it raised: all of it or, if `work` throws, nothing. If others changed
   * it meanwhile, `work` is called again on what they left, so it should do nothing else. (The aggregate's `concurrency`
   * says how they are kept apart.)
   *
   * @throws Refusal where `work` refuses, and whatever else it throws
   * @throws HeadwaterError as `execute` does
   */
  aggregate(id: string, work: Work<Instance, Events>, options?: ExecuteOptions): Promise<Accepted>
  /** As it is now; one that has no events yet is as if new. */
  load(id: string, options?: LoadOptions): Promise<Instance>
  /**
   * Saves what a loaded or new one raised. It may go on to be changed and saved again.
   *
   * @throws HeadwaterError `command.revision-mismatch` if others saved meanwhile
   */
  save(instance: Instance): Promise<Accepted>
}

/** The command log's name for what a repository saves. */
const saveType = '$save'
const command: Handler['command'] = { authorize: () => true }

export interface RepositoryParts {
  readonly rules: RuleBook
  readonly record: (handler: Handler, message: CommandMessage, options: ExecuteOptions) => Promise<Outcome>
  readonly load: (aggregate: Aggregate, tenant: string, stream: string) => Promise<StreamState>
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly newId: () => string
}

interface Loaded<State> {
  readonly id: string
  readonly turn: Turn<State>
  readonly options: LoadOptions
}

/**
 * Records as commands are recorded, with their ids, actors and outcomes in the command log: what is saved at once is one
 * command, of which only the outcome is known, not what was asked for.
 */
export class ClassRepository<State, Events extends AnyEventType, Instance extends object>
  implements Repository<Instance, Events>
{
  readonly #class: AggregateClass<string, State, Events, Instance>
  readonly #aggregate: Aggregate
  readonly #parts: RepositoryParts
  readonly #loaded = new WeakMap<Instance, Loaded<State>>()

  constructor(
    of: AggregateClass<string, State, Events, Instance>,
    aggregate: Aggregate,
    parts: RepositoryParts,
  ) {
    this.#class = of
    this.#aggregate = aggregate
    this.#parts = parts
  }

  'new'(id: string, options?: LoadOptions): Instance
  'new'(id: string, work: Work<Instance, Events>, options?: LoadOptions): Promise<Accepted>
  'new'(
    id: string,
    given: Work<Instance, Events> | LoadOptions = {},
    options: LoadOptions = {},
  ): Instance | Promise<Accepted> {
    if (typeof given === 'function') return this.aggregate(id, given, { ...options, expectedRevision: 0 })
    return this.#begin(id, { state: this.#class.definition.initial, revision: 0 }, given)
  }

  async aggregate(id: string, work: Work<Instance, Events>, options: ExecuteOptions = {}): Promise<Accepted> {
    return this.#record(id, options, (state, context) => {
      const turn = new Turn(this.#class.definition, state, context)
      return turn.end(work(new this.#class(turn)))
    })
  }

  async load(id: string, options: LoadOptions = {}): Promise<Instance> {
    const loaded = await this.#parts.load(this.#aggregate, tenantNamed(options.tenant), this.#streamOf(id))
    return this.#begin(id, { state: loaded.state as State, revision: loaded.revision }, options)
  }

  async save(instance: Instance): Promise<Accepted> {
    const loaded = this.#loaded.get(instance)
    if (loaded === undefined) {
      throw new TypeError('A repository saves what it made or loaded itself')
    }
    const { id, turn, options } = loaded
    const { commandId, revision } = turn.context
    const accepted = await this.#record(
      id,
      { ...options, id: commandId, occurredAt: turn.context.now, expectedRevision: revision },
      () => turn.raised,
    )
    // The answer of an earlier save with this id is not what this instance raised: its state is not the stream's.
    if (accepted.revision === revision + turn.raised.length) {
      turn.begin(this.#context(id, accepted.revision, { ...options, id: this.#parts.newId() }))
    } else this.#loaded.delete(instance)
    return accepted
  }

  #begin(
    id: string,
    { state, revision }: { state: State; revision: number },
    options: LoadOptions,
  ): Instance {
    const turn = new Turn(this.#class.definition, state, this.#context(id, revision, options))
    const instance = new this.#class(turn)
    this.#loaded.set(instance, { id, turn, options })
    return instance
  }

  #context(id: string, revision: number, options: LoadOptions): DecisionContext {
    const commandId = options.id ?? this.#parts.newId()
    return decisionContext({
      rules: this.#parts.rules,
      commandId,
      revision,
      stream: this.#streamOf(id),
      tenant: tenantNamed(options.tenant),
      actor: options.actor ?? null,
      correlationId: options.correlationId ?? commandId,
      now: options.occurredAt?.getTime() ?? this.#parts.now(),
    })
  }

  /** Records what is decided. What `decide` throws is thrown as it is. */
  async #record(
    id: string,
    options: ExecuteOptions,
    decide: (state: State, context: DecisionContext) => Decision,
  ): Promise<Accepted> {
    const { name, idField } = this.#aggregate
    let thrown: unknown
    const decider: Handler['decider'] = {
      decide: refusing((state, _message, context) => {
        try {
          return decide(state as State, context)
        } catch (error) {
          thrown = error
          throw error
        }
      }),
    }
    const message = { kind: 'command' as const, type: saveType, data: { aggregate: name, [idField]: id } }
    const outcome = await this.#parts
      .record({ command, aggregate: this.#aggregate, decider }, message, options)
      .catch((error: unknown) => {
        throw isHeadwaterError(error, 'command.failed') && error.cause === thrown ? thrown : error
      })
    if (outcome.status === 'accepted') return outcome
    const { reason } = outcome
    throw thrown instanceof Refusal && thrown.code === reason.code
      ? thrown
      : refusalOf({ reason, events: [] })
  }

  #streamOf(id: string): string {
    return checkStreamName(streamName(this.#aggregate.name, id))
  }
}
