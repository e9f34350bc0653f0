import {
  type HeadwaterError,
  isHeadwaterError,
  type Look,
  lookOn,
  type RawHypotheticalCommand,
} from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { BodyReader } from './body.ts'
import { momentIn } from './branches.ts'
import { callerOf, onBehalfOf } from './caller.ts'
import { pointerTo, RequestError } from './problems.ts'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { untilClosed } from './waiting.ts'

/** So many commands are sent, and so many things looked at, at most. */
export const mostSupposed = 1_000
export const mostLooks = 20
/** Of a type, a stream, a view or a key. */
const longestName = 512
const longestId = 200

/**
 * `POST /predict`: what would happen if these commands were sent and time went by. It is answered when it is done, and ends
 * when the client goes away; nothing is left of it either way.
 */
export function predictionRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving

  fastify.post('/predict', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const from = body.text('from', longestName)
    const at = momentIn(body)
    const until = body.time('until')
    const commands = listIn(body, 'commands', mostSupposed, commandIn)
    const looks = listIn(body, 'look', mostLooks, lookIn)
    body.done()
    const caller = await callerOf(request, reply, serving)
    const { tenant, ...who } = onBehalfOf(caller)
    const signal = untilClosed(reply)
    try {
      const { outcomes, diff, now, seen } = await headwater.predict({
        commands: commands.map((command) => ({ ...command, ...who })),
        look: (branch) => lookOn(branch, looks, who),
        signal,
        tenant,
        ...(from !== undefined && { from }),
        ...(at !== undefined && { at }),
        ...(until !== undefined && { until }),
      })
      const told = outcomes.map((outcome) => ({ ...outcome, position: outcome.position ?? null }))
      return await sendJson(reply, JSON.stringify({ outcomes: told, diff, now, seen }))
    } catch (error) {
      if (signal.aborted) return reply
      throw isHeadwaterError(error, 'command.invalid') ? atItsPlace(error) : error
    }
  })
}

function listIn<Item>(
  body: BodyReader,
  name: string,
  most: number,
  read: (item: BodyReader) => Item,
): readonly Item[] {
  if (!body.has(name)) return []
  const list = body.value(name)
  if (!Array.isArray(list) || list.length > most) {
    body.refuse(name, `It is not a list of up to ${most}`)
    return []
  }
  return list.map((item, index) => {
    const reader = new BodyReader(item, `/${name}/${index}`)
    const value = read(reader)
    reader.done()
    return value
  })
}

function commandIn(body: BodyReader): RawHypotheticalCommand {
  const type = body.requiredText('type', longestName)
  const data = body.has('data') ? body.value('data') : {}
  const id = body.text('id', longestId)
  const at = body.time('at')
  const expectedRevision = body.position('expectedRevision')
  return {
    type,
    data,
    ...(id !== undefined && { id }),
    ...(at !== undefined && { at }),
    ...(expectedRevision !== undefined && { expectedRevision }),
  }
}

function lookIn(body: BodyReader): Look {
  const kinds = ['view', 'stream', 'query'] as const
  const [kind, ...others] = kinds.filter((one) => body.has(one))
  if (kind === undefined || others.length > 0) body.refuse('', `It is one of ${kinds.join(', ')}`)
  const name = kind === undefined ? '' : body.requiredText(kind, longestName)
  if (kind === 'stream') return { stream: name }
  if (kind === 'query')
    return body.has('input') ? { query: name, input: body.value('input') } : { query: name }
  const key = body.text('key', longestName)
  return { view: name, ...(key !== undefined && { key }) }
}

/** What doesn't fit a command's schema is told where it stands in the body. */
function atItsPlace(error: HeadwaterError): Error {
  const index = error.details?.['command']
  if (typeof index !== 'number') return error
  const faults = (error.issues ?? []).map(({ path, message }) => ({
    pointer: `/commands/${index}/data${pointerTo(path)}`,
    detail: message,
  }))
  return new RequestError('command.invalid', error.message, { faults, cause: error })
}
