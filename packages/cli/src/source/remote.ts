import {
  type Client,
  type Comparison,
  createClient,
  type Envelope,
  HeadwaterProblem,
  newCommandId,
} from '@headwater/client'
import type { EventEnvelope, Outcome } from '@headwater/core'
import { CliError, usageError } from '../command/cli-error.ts'
import type { ViewFilter } from './filters.ts'
import type { SendOptions, Source } from './source.ts'

/** A server that answers at a URL. */
export function remoteSource(url: string): Source {
  const client = createClient({ url, retries: 1 })
  const reached = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer
    } catch (error) {
      // What fetch says of a connection that failed.
      if (!(error instanceof TypeError)) throw error
      throw new CliError('cli.server-unreachable', `No server answers at ${url}`, {
        cause: error.cause ?? error,
      })
    }
  }
  return {
    name: url,
    async log(query) {
      const page = await reached(client.log(query))
      return { ...page, events: page.events.map(asEnvelope) }
    },
    async stream(stream, query) {
      const { events } = await reached(client.stream(stream, query))
      const last = events.at(-1)?.revision ?? query.after
      // The answer's body doesn't say how far the stream goes; a page that isn't full is the last one.
      return {
        events: events.map(asEnvelope),
        scannedTo: last,
        head: events.length < query.limit ? last : last + 1,
      }
    },
    async *follow({ after, types }, signal) {
      await reached(client.log({ after, limit: 1 }))
      for await (const event of client.events({ after, signal, ...(types !== undefined && { types }) }))
        yield asEnvelope(event)
    },
    async state(stream) {
      const { revision, initial } = await reached(client.history(stream, { limit: 1 }))
      const { items } = await reached(client.history(stream, { after: Math.max(0, revision - 1), limit: 1 }))
      return { revision, state: items.at(-1)?.state ?? initial }
    },
    views: () => reached(client.views()),
    document: (view, key) => reached(client.view(view).get(key)),
    documents: (view, { filters, ...query }) =>
      reached(client.view(view).list({ ...query, filter: asQuery(filters) })),
    send: (type, data, options) => send(client, type, data, options, reached),
    close: () => Promise.resolve(),
  }
}

function asEnvelope(event: Envelope): EventEnvelope {
  return { ...event, occurredAt: event.occurredAt ?? event.recordedAt }
}

function asQuery(filters: readonly ViewFilter[]): Record<string, string | Comparison> {
  const query: Record<string, string | Comparison> = {}
  for (const { path, operator, text } of filters) {
    const before = query[path]
    if (operator === 'eq') query[path] = text
    else query[path] = { ...(typeof before === 'object' && before), [operator]: text }
  }
  return query
}

async function send(
  client: Client,
  type: string,
  data: unknown,
  { id = newCommandId(), actor, correlationId, expectedRevision, occurredAt }: SendOptions,
  reached: <Answer>(answer: Promise<Answer>) => Promise<Answer>,
): Promise<Outcome> {
  if (actor !== undefined || occurredAt !== undefined) {
    throw usageError(
      '--actor and --occurred-at are for a database',
      'A server finds out by itself who sends, and when.',
    )
  }
  try {
    const accepted = await reached(client.execute(type, data, { id, correlationId, expectedRevision }))
    return { status: 'accepted', ...accepted, position: accepted.position ?? undefined }
  } catch (error) {
    const reason = error instanceof HeadwaterProblem ? rejectionOf(error) : undefined
    if (reason === undefined) throw error
    return { status: 'rejected', commandId: id, position: undefined, events: [], ...reason }
  }
}

/** A rejection by the domain, which the server tells as a problem that names the stream. */
function rejectionOf({ status, code, message, document }: HeadwaterProblem) {
  const stream = document['stream']
  const revision = document['revision']
  if (status !== 422 || typeof stream !== 'string') return undefined
  return {
    stream,
    revision: typeof revision === 'number' ? revision : 0,
    reason: { code, message, data: document['data'] },
  }
}
