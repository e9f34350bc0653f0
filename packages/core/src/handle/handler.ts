import type { Concurrency } from '../decide/aggregate.ts'
import type { DecisionContext } from '../decide/context.ts'
import type { CallOutside } from '../external/calls.ts'
import type { reject, Rejection } from '../decide/reject.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import type { AnyCommandType, CommandMessage, CommandType } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent, NewEventOf } from '../message/event.ts'

/** What a handler gathers: it is recorded as one, or not at all. */
export interface CommandHandlerContext<Events extends AnyEventType = AnyEventType>
  extends Omit<DecisionContext, 'answer'> {
  /**
   * Calls the outside: `await call(exchangeRate({ from, to }))`. However often the handler is called, and by whichever
   * process, the same call of the same command gets the same answer.
   *
   * @throws HeadwaterError `external.failed`, `external.timeout`, `external.invalid-answer`, `external.too-large`,
   *   `external.blocked`, `external.unknown`
   */
  readonly call: CallOutside
  /** Records events in the handler's own stream, in this order. */
  readonly record: (...events: readonly NewEventOf<Events>[]) => void
  /** Records events in another stream. */
  readonly append: (stream: string, ...events: readonly NewEvent[]) => void
  /** Refuses the command, if it is what the handler returns: nothing is saved, and of events only those of the rejection. */
  readonly reject: typeof reject
}

/** What a handler has of its tables: `db` reads and makes queries, `save` takes over those that change rows. */
export type TablesContext<Tools> =
  Tools extends TableTools<infer Query>
    ? Pick<Tools, 'db' | 'table'> & {
        /**
         * Hands a query over, to be run in the transaction of what is recorded.
         *
         * @param expectation.rows how many rows it has to change; if others, somebody was faster, and the handler is called again
         */
        readonly save: (query: Query, expectation?: { readonly rows?: number }) => void
      }
    : unknown

type Handled<Events extends AnyEventType> = Rejection<NewEventOf<Events>> | undefined | void

/** A compile error's text for commands that don't say which stream they are for. */
type HasId<Name extends string, Data, Id extends string> = Data extends { readonly [Field in Id]: string }
  ? unknown
  : `The data of command ${Name} has no field "${Id}" of type string`

export interface CommandHandlerDefinition<Stream extends string, Id extends string, Data, Events, Tools> {
  /** Its events are recorded in the stream `<stream>-<id>`; a name without a dash. */
  readonly stream: Stream
  /** The field of the command that holds the id; default: `<stream>Id`. */
  readonly id?: Id
  /** The event types that it records. */
  readonly events: readonly Events[]
  /** The tables that it reads and saves; default: none. */
  readonly tables?: Tables<string, Tools & TableTools>
  /**
   * Reads, decides, saves and records. It may be called again when somebody else was faster, so it has no effects outside.
   */
  readonly handle: (
    data: Data,
    context: CommandHandlerContext<Events & AnyEventType> & TablesContext<Tools>,
  ) => Promise<Handled<Events & AnyEventType>> | Handled<Events & AnyEventType>
  /**
   * How two commands for one stream are kept from losing an update; default: `optimistic`. What the handler read is what it
   * decides on: if its stream has moved meanwhile, it is called again.
   */
  readonly concurrency?: Concurrency
  readonly description?: string
}

/** A command's one handler, where no aggregate decides it: a context that keeps its state in tables of its own. */
export interface CommandHandler<Name extends string = string> {
  readonly kind: 'handler'
  readonly command: AnyCommandType & { readonly type: Name }
  readonly description: string | undefined
  readonly stream: string
  readonly idField: string
  readonly events: readonly AnyEventType[]
  readonly tables: Tables | undefined
  readonly concurrency: Concurrency
  handle(message: CommandMessage, context: unknown): unknown
}

/**
 * Defines the handler of a command that keeps its state in tables, and records its events in the same transaction: one effect
 * per command id, the same answer to whoever repeats it, no lost update, as with an aggregate.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function handler<
  const Name extends string,
  Data,
  Input,
  const Stream extends string,
  Events extends AnyEventType,
  Tools = unknown,
  const Id extends string = `${Stream}Id`,
>(
  command: CommandType<Name, Data, Input> & HasId<Name, Data, Id>,
  definition: CommandHandlerDefinition<Stream, Id, Data, Events, Tools>,
): CommandHandler<Name> {
  const { stream } = definition
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(stream)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(stream)} names no stream of ${command.type}: letters, digits, underscores, no dash`,
    )
  }
  const handle = definition.handle as (data: unknown, context: unknown) => unknown
  return {
    kind: 'handler',
    command: command as AnyCommandType & { readonly type: Name },
    description: definition.description,
    stream,
    idField: definition.id ?? `${stream}Id`,
    events: definition.events,
    tables: definition.tables,
    concurrency: definition.concurrency ?? 'optimistic',
    handle: (message, context) => handle(message.data, context),
  }
}
