import { checkTypeName } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'
import { parse, type InputOf, type OutputOf, type Schema } from '../message/schema.ts'

/** Something to tell whoever listens now. It is not recorded: who comes later never hears of it. */
export interface TopicMessage<Data = unknown> {
  readonly kind: 'topic-message'
  readonly topic: Topic
  readonly data: Data
}

/** A topic is a function that makes messages of it. */
export interface Topic<Name extends string = string, Data = unknown, Input = never> {
  /** @throws HeadwaterError `topic.invalid` */
  (data: Input): TopicMessage<Data>
  readonly kind: 'topic'
  readonly type: Name
  readonly schema: Schema<unknown, Data>
}

/**
 * Defines a topic: what the parts of a process tell each other without recording it, such as progress or presence. What
 * must not get lost is an event.
 *
 * @param name `PriceShown`; two topics of one name are two topics
 * @throws HeadwaterError `app.invalid` for a name that is no name
 */
export function topic<const Name extends string, S extends Schema>(
  name: Name,
  schema: S,
): Topic<Name, OutputOf<S>, InputOf<S>> {
  checkTypeName('topic', name)
  const what = `Message ${name}`
  const create = (input: InputOf<S>): TopicMessage<OutputOf<S>> =>
    Object.freeze({
      kind: 'topic-message' as const,
      topic: made as Topic,
      data: deepFreeze(parse(schema, input, 'topic.invalid', what) as OutputOf<S>),
    })
  const made: Topic<Name, OutputOf<S>, InputOf<S>> = Object.assign(create, {
    kind: 'topic' as const,
    type: name,
    schema: schema as Schema<unknown, OutputOf<S>>,
  })
  return made
}
