import type { Aggregate } from '../decide/aggregate.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { Subscription } from '../process/subscription.ts'
import type { QueryMessage } from '../query/message.ts'
import type { View } from '../view/view.ts'
import { describeReason } from './aggregate-story.ts'
import { nothing } from './difference.ts'
import { type Caller, failure, requireSame } from './failure.ts'
import type { ExpectedEvent } from './messages.ts'
import { requireMessages, shapeOf } from './messages.ts'
import { inline } from './print.ts'
import type { Scene } from './scene.ts'

/** Looks at a scene once everything has been done. */
export type Check = (scene: Scene, caller: Caller) => void | Promise<void>

export function recordedCheck(expected: readonly (string | ExpectedEvent)[]): Check {
  return async (scene, caller) => {
    const actual = await scene.recorded()
    const after = `${scene.name}, after ${scene.done?.name ?? 'what was given'}`
    for (const [stream, events] of byStream(expected)) {
      const shapes = events.map((event) => ({ ...shapeOf(event), ...(stream !== undefined && { stream }) }))
      const own = stream === undefined ? actual : actual.filter((event) => event.stream === stream)
      requireMessages({ expected: shapes, actual: own, verb: 'recorded', after, story: scene.lines }, caller)
    }
  }
}

/** What is expected of each stream; undefined: of the whole log. */
function byStream(
  expected: readonly (string | ExpectedEvent)[],
): ReadonlyMap<string | undefined, ExpectedEvent[]> {
  const streams = new Map<string | undefined, ExpectedEvent[]>()
  let current: string | undefined
  for (const item of expected) {
    if (typeof item === 'string') {
      current = item
      streams.set(current, streams.get(current) ?? [])
    } else streams.set(current, [...(streams.get(current) ?? []), item])
  }
  return expected.length === 0 ? new Map([[undefined, []]]) : streams
}

export function rejectedCheck(
  code: string,
  reason: { readonly message?: string; readonly data?: unknown },
): Check {
  return async (scene, caller) => {
    const expected = { code, ...reason }
    const { done } = scene
    if (done?.what === 'command' && done.outcome.status === 'rejected') {
      const given = done.outcome.reason
      const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, Reflect.get(given, key)]))
      const headline = `${scene.name}: ${done.name} was rejected otherwise than expected`
      return requireSame(expected, actual, headline, await scene.told(), caller)
    }
    throw failure(
      {
        headline: `${scene.name}: ${done?.name ?? 'A command'} was expected to be rejected with ${code}, but ${became(scene)}`,
        story: await scene.told(),
        expected,
        actual: became(scene),
      },
      caller,
    )
  }
}

export function failsCheck(code: string): Check {
  return async (scene, caller) => {
    const { done } = scene
    const actual = done?.what === 'failure' ? codeOf(done.error) : became(scene)
    const headline = `${scene.name}: ${done?.name ?? 'A command'} was expected to fail with ${code}`
    requireSame(code, actual, headline, await scene.told(), caller)
  }
}

export function stateCheck<State>(aggregate: Aggregate<string, State>, id: string, expected: unknown): Check {
  return async (scene, caller) => {
    const state = await scene.state(aggregate, id)
    if (typeof expected === 'function') expected(state)
    else
      requireSame(
        expected,
        state,
        `${scene.name}: the state of ${aggregate.name} ${id} is not as expected`,
        await scene.told(),
        caller,
      )
  }
}

/** @param expected {@link nothing}: there is none */
export function documentCheck(view: View, key: string, expected: unknown): Check {
  return async (scene, caller) => {
    const { tenant } = scene.setting
    const { position: waitFor } = await scene.headwater.head()
    const item = await scene.headwater.view(view.name).get(key, { tenant, waitFor })
    const headline = `${scene.name}: document ${key} of ${view.name} is not as expected`
    requireSame(expected, item?.doc ?? nothing, headline, await scene.told(), caller)
  }
}

export function documentsCheck(view: View, expected: Readonly<Record<string, unknown>>): Check {
  return async (scene, caller) => {
    const { tenant } = scene.setting
    const actual: Record<string, unknown> = {}
    const { position: waitFor } = await scene.headwater.head()
    for await (const { key, doc } of scene.headwater.view(view.name).all({ tenant, waitFor }))
      actual[key] = doc
    const headline = `${scene.name}: the documents of ${view.name} are not as expected`
    requireSame(expected, actual, headline, await scene.told(), caller)
  }
}

export function queryCheck(query: QueryMessage, expected: unknown): Check {
  return async (scene, caller) => {
    const answer = await ask(scene, query)
    const headline = `${scene.name}: ${query.type} ${inline(query.input)}`
    if ('error' in answer) {
      const { error: cause } = answer
      const why = `${headline} failed with ${codeOf(cause)}: ${cause instanceof Error ? cause.message : ''}`
      throw failure(
        { headline: why, story: await scene.told(), expected, actual: codeOf(cause), cause },
        caller,
      )
    }
    if (typeof expected === 'function') expected(answer.result)
    else
      requireSame(
        expected,
        answer.result,
        `${headline} gave something else than expected`,
        await scene.told(),
        caller,
      )
  }
}

export function queryFailsCheck(query: QueryMessage, code: string): Check {
  return async (scene, caller) => {
    const answer = await ask(scene, query)
    const actual = 'error' in answer ? codeOf(answer.error) : answer.result
    const headline = `${scene.name}: ${query.type} ${inline(query.input)} was expected to fail with ${code}`
    requireSame(code, actual, headline, await scene.told(), caller)
  }
}

async function ask(
  scene: Scene,
  query: QueryMessage,
): Promise<{ readonly result: unknown } | { readonly error: unknown }> {
  const { actor, tenant } = scene.setting
  try {
    return { result: await scene.headwater.query(query, { actor, tenant, waitFor: 'head' }) }
  } catch (error) {
    return { error }
  }
}

export function parkedCheck(part: View | Subscription, sequences: readonly string[]): Check {
  return async (scene, caller) => {
    const parked = await scene.headwater.processor(part.name).parked.list()
    const actual = [...new Set(parked.map(({ sequence }) => sequence))]
    const headline = `${scene.name}: ${part.name} has not parked what was expected`
    requireSame([...sequences].sort(), actual.sort(), headline, await scene.told(), caller)
  }
}

function became({ done }: Scene): string {
  switch (done?.what) {
    case undefined:
      return 'nothing was done'
    case 'command':
      return done.outcome.status === 'accepted'
        ? 'it was accepted'
        : `it was rejected with ${describeReason(done.outcome.reason)}`
    case 'failure':
      return `it failed with ${codeOf(done.error)}`
    case 'other':
      return `${done.name} is no command`
  }
}

function codeOf(error: unknown): string {
  return isHeadwaterError(error) ? error.code : String(error)
}
