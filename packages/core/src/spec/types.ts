import type { AnyCommandType, CommandData, CommandMessage } from '../message/command.ts'
import type { AnyEventType, NewEvent, NewEventOf } from '../message/event.ts'
import type { ExpectedEvent } from './messages.ts'
import type { EventLikeness } from './like.ts'

// What the compiler is to say of what doesn't belong here, beside the argument itself.

/** The commands that can be made of command types. */
export type CommandMessageOf<C> = C extends {
  readonly kind: 'command'
  readonly type: infer Type extends string
}
  ? CommandMessage<Type, CommandData<C>>
  : never

type Own<Item, Known, Owner extends string> = Item extends Known
  ? unknown
  : Item extends { readonly kind: 'command'; readonly type: infer Type extends string }
    ? `${Type} is not one of this ${Owner}'s commands`
    : Item extends { readonly type: infer Type extends string }
      ? `${Type} is not one of this ${Owner}'s events`
      : `This is not one of this ${Owner}'s events`

/** Events to begin with, and the names of their streams between them. */
export type OwnEventsInStreams<
  Items extends readonly (string | NewEvent)[],
  Events extends AnyEventType,
  Owner extends string,
> = {
  readonly [Index in keyof Items]: Items[Index] & Own<Items[Index], string | NewEventOf<Events>, Owner>
}

/** Events that are expected. */
export type OwnExpected<
  Items extends readonly ExpectedEvent[],
  Events extends AnyEventType,
  Owner extends string,
> = {
  readonly [Index in keyof Items]: Items[Index] &
    Own<Items[Index], NewEventOf<Events> | EventLikeness<Events['type']>, Owner>
}

/** Events and commands to begin with. */
export type OwnMessages<
  Items extends readonly (NewEvent | CommandMessage)[],
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Owner extends string,
> = {
  readonly [Index in keyof Items]: Items[Index] &
    Own<Items[Index], NewEventOf<Events> | CommandMessageOf<Commands>, Owner>
}

/** A command. */
export type OwnCommand<Item, Commands extends AnyCommandType, Owner extends string> = Item &
  Own<Item, CommandMessageOf<Commands>, Owner>

/** A code that a command may be rejected with. */
export type OwnCode<Code extends string, Codes extends string> = Code extends Codes
  ? Code
  : `No decision of this aggregate rejects with ${Code}`
