import { aggregateIdOf, type Headwater, HeadwaterError } from '@headwater/core'
import { catchUp } from '../app/catch-up.ts'
import { aggregateOf } from '../app/parts.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { asLocalFilters } from './filters.ts'
import type { Source } from './source.ts'

/** A database that this process has open. */
export function localSource(headwater: Headwater, terminal: Terminal): Source {
  return {
    name: headwater.store.name.replace(/^sqlite:/, ''),
    async log({ types, ...query }) {
      const page = await headwater.readEvents({ ...query, ...(types !== undefined && { types }) })
      return { ...page, events: page.events.map((event) => event.toJSON()) }
    },
    async stream(stream, query) {
      const { events, revision } = await headwater.readStream(stream, query)
      if (revision === 0) throw notFound(stream)
      return {
        events: events.map((event) => event.toJSON()),
        scannedTo: events.at(-1)?.revision ?? revision,
        head: revision,
      }
    },
    async *follow({ after, types }, signal) {
      const events = headwater.events({ after, live: true, signal, ...(types !== undefined && { types }) })
      // Waiting for others to record something keeps no process alive by itself.
      const waiting = setInterval(() => undefined, 60_000)
      try {
        for await (const event of events) yield event.toJSON()
      } finally {
        clearInterval(waiting)
      }
    },
    async state(stream) {
      const aggregate = aggregateOf(headwater.app, stream)
      if (aggregate === undefined) {
        throw new HeadwaterError('stream.not-found', `No aggregate of this app has streams like ${stream}`)
      }
      const { state, revision } = await headwater.state(aggregate, aggregateIdOf(stream))
      if (revision === 0) throw notFound(stream)
      return { state, revision }
    },
    async views() {
      await catchUp(headwater, terminal)
      return headwater.views()
    },
    async document(view, key) {
      const reader = headwater.view(view)
      await catchUp(headwater, terminal, [view])
      const item = await reader.get(key)
      if (item === undefined)
        throw new HeadwaterError('view.not-found', `View ${view} has no document ${JSON.stringify(key)}`)
      return item
    },
    async documents(view, { filters, sort, limit, cursor }) {
      const reader = headwater.view(view)
      await catchUp(headwater, terminal, [view])
      return reader.list({
        filters: filters.flatMap(asLocalFilters),
        limit,
        ...(sort !== undefined && { sort }),
        ...(cursor !== undefined && { cursor }),
      })
    },
    send: (type, data, { id, actor, correlationId, expectedRevision, occurredAt }) =>
      headwater.executeRaw(type, data, {
        ...(id !== undefined && { id }),
        ...(actor !== undefined && { actor }),
        ...(correlationId !== undefined && { correlationId }),
        ...(expectedRevision !== undefined && { expectedRevision }),
        ...(occurredAt !== undefined && { occurredAt }),
      }),
    close: () => headwater.close(),
  }
}

function notFound(stream: string): HeadwaterError {
  return new HeadwaterError('stream.not-found', `Stream ${stream} has no events`)
}
