export type { AggregateExpectations, AggregateOutcome, ExpectedRejection } from './aggregate-outcome.ts'
export type { AggregateSpec } from './aggregate-spec.ts'
export type { WhenOptions } from './aggregate-story.ts'
export type { AppSpec } from './app-spec.ts'
export type { GivenAnswer } from './given-answers.ts'
export type { AppExpectations, AppThens } from './app-thens.ts'
export { effects, type Effects } from './effects.ts'
export {
  inMemory,
  inMemoryStore,
  type InMemory,
  type InMemoryOptions,
  type UnattendedFailure,
} from './in-memory.ts'
export { like, type EventFieldsLike, type EventLikeness, type Likeness, type Part } from './like.ts'
export { differences, nothing, type Difference } from './difference.ts'
export { failure, requireSame, type Caller, type Failure, type Place } from './failure.ts'
export type { ExpectedEvent } from './messages.ts'
export type { Action, Doing, Done, Expectation, Scene } from './scene.ts'
export type { Duration, Moment } from './setting.ts'
export { spec } from './spec.ts'
export type { SubscriptionSpec } from './subscription-spec.ts'
export type { SubscriptionExpectations, SubscriptionThens } from './subscription-thens.ts'
export { virtualClock, VirtualClock, type VirtualClockOptions } from './virtual-clock.ts'
export type { ExpectedDocument, ExpectedDocuments, ViewExpectations, ViewSpec } from './view-spec.ts'
