import type { Subscription } from '../process/subscription.ts'
import { differences } from './difference.ts'
import { type Caller, failure, Place, requireSame } from './failure.ts'
import type { GivenAnswers } from './given-answers.ts'
import { type Answers, handle, type Handled } from './handling.ts'
import { type ExpectedEvent, requireMessages, shapeOf, shapeOfCommand } from './messages.ts'
import { lineOf, type PlacedEvent, recorded } from './placed.ts'
import { describeDifferences, type StoryLine, tell } from './print.ts'
import { type Expected, promised } from './promised.ts'
import type { Setting } from './setting.ts'
import type { SubscriptionExpectations, SubscriptionThens } from './subscription-thens.ts'

/** What is to be handled, and how. */
export interface Handling {
  readonly subscription: Subscription
  readonly setting: Setting
  readonly given: readonly PlacedEvent[]
  readonly events: readonly PlacedEvent[]
  readonly answers: Answers
  readonly outside: GivenAnswers
  readonly times: number
}

interface Trial extends Handled {
  readonly name: string
  readonly story: readonly StoryLine[]
}

/** Whether a handler is expected to throw has to be known before anything is compared. */
interface ExpectedOfHandler extends Expected<Trial> {
  readonly throws?: boolean
}

export function subscriptionThens(
  expect: (expected: ExpectedOfHandler) => SubscriptionExpectations,
): SubscriptionThens {
  const all: SubscriptionThens = {
    thenSends: (...commands) => {
      const expected = commands.map(shapeOfCommand)
      const check = (trial: Trial, caller: Caller) => requireSent(expected, trial, caller)
      return expect({ check, place: new Place(all.thenSends) })
    },
    thenSendsNothing: () => {
      const check = (trial: Trial, caller: Caller) => requireSent([], trial, caller)
      return expect({ check, place: new Place(all.thenSendsNothing) })
    },
    thenRecords: (...events) => {
      const check = (trial: Trial, caller: Caller) => requireAdded(events, trial, caller)
      return expect({ check, place: new Place(all.thenRecords) })
    },
    thenThrows: (message) => {
      const check = (trial: Trial, caller: Caller) => requireThrown(message, trial, caller)
      return expect({ check, place: new Place(all.thenThrows), throws: true })
    },
  }
  return all
}

export function subscriptionExpectations(
  handling: Handling,
  first: ExpectedOfHandler,
): SubscriptionExpectations {
  const meet = async (expected: readonly ExpectedOfHandler[]): Promise<void> => {
    const trial = await tryOut(handling, first.place)
    if (!expected.some(({ throws }) => throws === true)) requireNothingThrown(trial, first.place)
    for (const { check, place } of expected) await check(trial, place)
  }
  return promised<ExpectedOfHandler, SubscriptionThens>(first, meet, subscriptionThens)
}

/** Hands the events over as often as is wanted; each time the same has to be sent. */
async function tryOut(
  { subscription, given, events, answers, outside, times }: Handling,
  caller: Caller,
): Promise<Trial> {
  const all = recorded([...given, ...events])
  const story = [
    ...given.map((event) => lineOf('given', event)),
    ...events.map((event) => lineOf('when', event)),
  ]
  await handle(subscription, all.slice(0, given.length), answers, outside)
  const first = await handle(subscription, all.slice(given.length), answers, outside)
  const trial = { ...first, name: subscription.name, story }
  for (let time = 2; time <= times; time += 1)
    requireAgain(trial, await handle(subscription, all.slice(given.length), answers, outside), time, caller)
  return trial
}

function requireAgain(trial: Trial, again: Handled, time: number, caller: Caller): void {
  const found = differences(trial.sent, again.sent)
  if (found.length === 0) return
  throw failure(
    {
      headline: `${trial.name}: handed the same ${time} times, it did not send the same, so that repeats have effects`,
      details: describeDifferences(found, ['first time', `time ${time}`]),
      story: tell(trial.story, []),
      expected: trial.sent,
      actual: again.sent,
    },
    caller,
  )
}

function requireSent(expected: ReturnType<typeof shapeOfCommand>[], trial: Trial, caller: Caller): void {
  const { sent: actual, name, story } = trial
  requireMessages({ expected, actual, verb: 'sent', after: name, story }, caller)
}

function requireAdded(events: readonly (string | ExpectedEvent)[], trial: Trial, caller: Caller): void {
  let stream: string | undefined
  const expected = events.flatMap((event) => {
    if (typeof event !== 'string') return [{ ...shapeOf(event), ...(stream !== undefined && { stream }) }]
    stream = event
    return []
  })
  const { added: actual, name, story } = trial
  requireMessages({ expected, actual, verb: 'recorded', after: name, story }, caller)
}

function requireThrown(message: string | RegExp | undefined, trial: Trial, caller: Caller): void {
  const { thrown, name } = trial
  const story = tell(trial.story, [])
  if (thrown === undefined) {
    const headline = `${name} was expected to throw, and did not`
    throw failure({ headline, story, expected: message ?? 'an error', actual: 'nothing' }, caller)
  }
  if (message === undefined) return
  const actual = messageOf(thrown.error)
  const isExpected = typeof message === 'string' ? actual.includes(message) : message.test(actual)
  if (!isExpected) requireSame(message, actual, `${name} threw something else`, story, caller)
}

function requireNothingThrown({ thrown, name, story }: Trial, caller: Caller): void {
  if (thrown === undefined) return
  const { error: cause } = thrown
  const headline = `${name} threw ${cause instanceof Error ? cause.name : 'something'}: ${messageOf(cause)}`
  const expected = 'nothing thrown'
  throw failure({ headline, story: tell(story, []), expected, actual: messageOf(cause), cause }, caller)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
