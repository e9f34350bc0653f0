import type { StandardJSONSchemaV1 } from '@standard-schema/spec'
import { HeadwaterError } from '../message/errors.ts'
import { checkTypeName } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'
import { parse, type InputOf, type OutputOf, type Schema } from '../message/schema.ts'
import type { QueryContext } from './context.ts'
import type { QueryMessage } from './message.ts'

/** What the output's schema makes of an answer; where there is no schema, what the handler gives. */
type ResultOf<Output extends Schema, Handled> = unknown extends OutputOf<Output> ? Handled : OutputOf<Output>

export interface QueryDefinition<Input extends Schema, Output extends Schema, Handled> {
  /** Any Standard Schema; its output is what the handler gets. Default: no input. */
  readonly input?: Input
  /** What the handler gives is checked against it. Without it anything is given on as it is. */
  readonly output?: Output
  /** Reads, and nothing else: what it would change by this app's own means is refused with `query.side-effect`. */
  readonly handle: (input: OutputOf<Input>, context: QueryContext) => Handled | Promise<Handled>
  /** Who may ask it, decided before it is handled: false, or the reason why not, refuses it. */
  readonly authorize?: (actor: string | null, input: OutputOf<Input>) => boolean | string
  readonly description?: string
  /** Milliseconds after which it is given up, unless who asks says otherwise. Default 10,000. */
  readonly timeLimit?: number
}

/** A query's type is a function that makes messages of it. */
export interface QueryType<Name extends string = string, Input = unknown, Result = unknown, Given = never> {
  /** @throws HeadwaterError `query.invalid` */
  (...input: undefined extends Given ? [input?: Given] : [input: Given]): QueryMessage<Name, Input, Result>
  readonly kind: 'query'
  readonly type: Name
  readonly input: Schema<unknown, Input>
  readonly output: Schema | undefined
  readonly description: string | undefined
  readonly timeLimit: number
  authorize(actor: string | null, input: Input): boolean | string
  handle(input: Input, context: QueryContext): unknown
}

export type AnyQueryType = QueryType

/** What a query gives. */
export type QueryResult<Q> = Q extends (...parameters: never) => QueryMessage<string, unknown, infer Result>
  ? Result
  : never

const usualTimeLimit = 10_000

/** Of queries that take nothing: nothing at all, or an object without fields, as which nothing travels. */
const noInput: Schema<undefined, undefined> & StandardJSONSchemaV1<undefined, undefined> = {
  '~standard': {
    version: 1,
    vendor: 'headwater',
    validate: (value) =>
      value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
        ? { value: undefined }
        : { issues: [{ message: 'It takes no input' }] },
    jsonSchema: { input: () => emptyObject, output: () => emptyObject },
  },
}
const emptyObject = { type: 'object', properties: {}, additionalProperties: false }

/**
 * Defines a query: a question with a name, what it takes, what it gives, and how it is answered from views, streams,
 * states, or a database of the user's own.
 *
 * @param name what is asked for: `GetOrderDetails`
 * @throws HeadwaterError `app.invalid` for a name that is no name
 */
export function query<
  const Name extends string,
  Handled extends InputOf<Output>,
  Input extends Schema = Schema<undefined, undefined>,
  Output extends Schema = Schema,
>(
  name: Name,
  definition: QueryDefinition<Input, Output, Handled>,
): QueryType<Name, OutputOf<Input>, ResultOf<Output, Handled>, InputOf<Input>> {
  checkTypeName('query', name)
  const { timeLimit = usualTimeLimit, handle } = definition
  if (!(timeLimit > 0))
    throw new HeadwaterError('app.invalid', `The time limit of query ${name} is ${timeLimit}`)
  const input = (definition.input ?? noInput) as Schema<unknown, OutputOf<Input>>
  const what = `Query ${name}`
  const create = (...[given]: readonly unknown[]) =>
    Object.freeze({
      kind: 'query' as const,
      type: name,
      input: deepFreeze(parse(input, given, 'query.invalid', what)),
    })
  return Object.assign(create, {
    kind: 'query' as const,
    type: name,
    input,
    output: definition.output,
    description: definition.description,
    timeLimit,
    authorize: definition.authorize ?? (() => true),
    handle: (valid: OutputOf<Input>, context: QueryContext) => handle(valid, context),
  })
}
