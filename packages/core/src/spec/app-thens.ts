import type { Aggregate } from '../decide/aggregate.ts'
import type { ErrorCode } from '../message/errors.ts'
import type { Subscription } from '../process/subscription.ts'
import type { QueryMessage } from '../query/message.ts'
import type { View } from '../view/view.ts'
import type { InMemory } from './in-memory.ts'
import type { Likeness } from './like.ts'
import type { ExpectedEvent } from './messages.ts'
import type { Expectation } from './scene.ts'
import type { ExpectedDocument, ExpectedDocuments } from './view-spec.ts'

/** What may be expected of a whole app. */
export interface AppThens {
  /**
   * These events were recorded since what was given, and no others. With the names of streams between them: in each of
   * those streams; without: in the whole log, in its order.
   *
   * @example
   * .thenRecorded('order-17', OrderPlaced({ … }), like(OrderPaid), 'payment-17', PaymentReceived({ … }))
   */
  thenRecorded(...events: readonly (string | ExpectedEvent)[]): AppExpectations
  /** Nothing was recorded since what was given. */
  thenNothing(): AppExpectations
  /** The last command was rejected with this code. */
  thenRejected(code: string, reason?: { readonly message?: string; readonly data?: unknown }): AppExpectations
  /** The last command, or what was recorded from elsewhere, failed with this code. */
  thenFails(code: ErrorCode): AppExpectations
  /** The state of an aggregate: all of it, or what `like({ … })` names; or a function that looks at it. */
  thenState<State>(
    aggregate: Aggregate<string, State>,
    id: string,
    expected: State | Likeness<State> | ((state: State) => void),
  ): AppExpectations
  /** The document of a key. */
  thenDocument<Document>(
    view: View<string, Document>,
    key: string,
    document: ExpectedDocument<Document>,
  ): AppExpectations
  /** There is no document of this key. */
  thenNoDocument(view: View, key: string): AppExpectations
  /** All documents of a view, by their keys. */
  thenDocuments<Document>(
    view: View<string, Document>,
    documents: ExpectedDocuments<Document>,
  ): AppExpectations
  /** What a query gives, asked as the actor and of the tenant that the specification has come to. */
  thenQuery<Result>(
    query: QueryMessage<string, unknown, Result>,
    expected: Result | Likeness<Result> | ((result: Result) => void),
  ): AppExpectations
  /** A query is refused or fails with this code. */
  thenQueryFails(query: QueryMessage, code: ErrorCode): AppExpectations
  /** These sequences of a view or a subscription are parked, and no others: it could not handle an event of theirs. */
  thenParked(part: View | Subscription, ...sequences: readonly string[]): AppExpectations
  /** An expectation of another kind, such as what a request is answered with; or a function that looks at the app. */
  thenThat(expected: Expectation | ((headwater: InMemory) => void | Promise<void>)): AppExpectations
}

/** What is expected: kept when awaited. Expectations can be put one after the other. */
export interface AppExpectations extends Promise<void>, AppThens {}
