import type { CommandMessage } from '../message/command.ts'
import type { ExpectedEvent } from './messages.ts'

/** What may be expected of a subscription's handler. */
export interface SubscriptionThens {
  /** It sends these commands and no others, in this order. */
  thenSends(...commands: readonly CommandMessage[]): SubscriptionExpectations
  thenSendsNothing(): SubscriptionExpectations
  /**
   * In the transaction, it records these events beside the one that it sees, and no others. A text names the stream of
   * the events that follow it.
   */
  thenRecords(...events: readonly (string | ExpectedEvent)[]): SubscriptionExpectations
  /** It throws: in the transaction that refuses the append; else it would be tried again, and parked in the end. */
  thenThrows(message?: string | RegExp): SubscriptionExpectations
}

/** What is expected: kept when awaited. Expectations can be put one after the other. */
export interface SubscriptionExpectations extends Promise<void>, SubscriptionThens {}
