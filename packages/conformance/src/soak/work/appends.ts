import {
  type AppendRequest,
  type AppendResult,
  type Appended,
  type ExpectedRevision,
  isHeadwaterError,
  type NewEvent,
} from '@headwater/core'
import { anEvent, aRequest, to } from '../../make.ts'
import { Noted } from '../app.ts'
import type { AppendAnswer, AppendAsked, Appended as AppendEntry } from '../entries.ts'
import { microseconds } from '../journal.ts'
import { noted, tenants } from '../model.ts'
import { failedWith, oneOfFew, type Player, repeat } from './player.ts'

/** Of all processes: in each second they race for these. */
const newStreamsInASecond = 4

type Part = AppendAsked['parts'][number]

/** Appends through the app: some under an id that is sent again, each under what it expects of its streams. */
export function appendEvents(player: Player): Promise<void> {
  const { random } = player
  return repeat(player, 'appends', async () => {
    const asked = await anAppend(player, true)
    await append(player, asked, asked.turn)
    if (random.chance(0.15)) await append(player, asked, `${asked.turn}.later`)
  })
}

/** Appends several requests at once, below the app. */
export function appendRequests(player: Player): Promise<void> {
  const { store, random, journal } = player
  return repeat(player, 'requests', async () => {
    const asked: AppendAsked[] = []
    for (let count = random.between(1, 4); count > 0; count -= 1) asked.push(await anAppend(player, false))
    for (const one of asked) journal.write(one)
    const results = await store.log.append(asked.map(requestOf)).catch(failedWith)
    for (const [index, one] of asked.entries()) {
      const answer = 'status' in results ? results : answerTo(results[index])
      journal.write(answeredTo(one, one.turn, answer))
    }
  })
}

async function anAppend(player: Player, isLogged: boolean): Promise<AppendAsked> {
  const { random } = player
  const turn = player.turn()
  const tenant = random.chance(0.2) ? tenants[1] : tenants[0]
  const names = new Set(Array.from({ length: random.between(1, 2) }, () => aStream(player)))
  const parts: Part[] = []
  for (const stream of names)
    parts.push({
      stream,
      expected: await anExpectation(player, tenant, stream),
      events: random.between(1, 3),
    })
  return { kind: 'append', turn, id: turn, tenant, parts, isLogged }
}

function aStream(player: Player): string {
  const { random } = player
  if (random.chance(0.6)) return `raw-${oneOfFew(player)}`
  return `new-${Math.floor(microseconds() / 1_000_000)}.${random.between(1, newStreamsInASecond)}`
}

async function anExpectation(player: Player, tenant: string, stream: string): Promise<ExpectedRevision> {
  const { random, store } = player
  const mode = random.weighted({ any: 3, none: 2, exists: 1, number: 3, beyond: 0.3 })
  if (mode !== 'number' && mode !== 'beyond') return mode
  const after = Number.MAX_SAFE_INTEGER
  const { revision } = await store.log.readStream({ branch: 0, tenant, stream, after, limit: 1 })
  return mode === 'number' ? revision : revision + random.between(1, 5)
}

/** Appends through the app, for the first time or again. */
export async function append(player: Player, asked: AppendAsked, turn: string): Promise<void> {
  const { headwater, journal } = player
  const { tenant, id, condition } = asked
  journal.write({ ...asked, turn })
  const parts = asked.parts.map(({ stream, expected, events }) => ({
    stream,
    expected,
    events: Array.from({ length: events }, (_, index): NewEvent => Noted({ text: `${id} ${index}` })),
  }))
  const answer = await headwater
    .appendAll(parts, { id, tenant, ...(condition && { condition }) })
    .then((appended) => answerOf(appended, asked), refusalOf)
  journal.write(answeredTo(asked, turn, answer))
}

export function answeredTo(
  { id, tenant, parts, condition }: AppendAsked,
  turn: string,
  answer: AppendAnswer,
): AppendEntry {
  const streams = parts.map(({ stream }) => stream)
  return { kind: 'appended', turn, id, tenant, streams, answer, ...(condition && { show: condition.show }) }
}

/** What the app says of an append that took place. */
export function answerOf({ events }: Appended, { parts }: AppendAsked): AppendAnswer {
  const revisions = parts.map(
    ({ stream }) => events.findLast((event) => event.stream === stream)?.revision ?? 0,
  )
  return { status: 'appended', position: events[0]?.position ?? 0, revisions }
}

/** What the app throws where an append was refused. */
export function refusalOf(error: unknown): AppendAnswer {
  if (isHeadwaterError(error, 'log.conflict')) {
    const { stream, expected, actual } = error.details as Extract<AppendAnswer, { status: 'conflict' }>
    return { status: 'conflict', stream, expected, actual }
  }
  if (isHeadwaterError(error, 'log.condition-failed'))
    return { status: 'condition-failed', position: Number(error.details?.['position']) }
  return failedWith(error)
}

function requestOf({ id, tenant, parts }: AppendAsked): AppendRequest {
  const streams = parts.map(({ stream, expected, events }) => {
    const made = Array.from({ length: events }, (_, index) =>
      anEvent({ type: noted, data: JSON.stringify({ text: `${id} ${index}` }), occurredAt: Date.now() }),
    )
    return to(stream, made, expected)
  })
  return aRequest(streams, { tenant, commandId: id })
}

function answerTo(result: AppendResult | undefined): AppendAnswer {
  switch (result?.status) {
    case 'appended':
      return { status: 'appended', position: result.position ?? 0, revisions: result.revisions }
    case 'conflict':
    case 'condition-failed':
      return result
    case 'failed':
      throw result.error
    case undefined:
    case 'duplicate':
    case 'document-conflict':
    case 'statement-conflict':
    case 'views-changed':
      throw new Error(`No answer to such an append: ${JSON.stringify(result)}`)
  }
}
