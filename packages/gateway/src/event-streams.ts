import type { ServerResponse } from 'node:http'
import type { EventsOptions, RecordedEvent } from '@headwater/core'
import type { On } from './on-branch.ts'
import { type ResponseHeaders, SseClient } from './sse.ts'
import { RequestError } from './problems.ts'
import type { Serving } from './serving.ts'

/** All clients that follow the log: keeps them alive, lets go of those that are gone or take nothing. */
export class EventStreams {
  readonly #serving: Serving
  readonly #clients = new Map<SseClient, AbortController>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(serving: Serving) {
    this.#serving = serving
    this.#heartbeat = setInterval(() => this.#beat(), serving.settings.heartbeat).unref()
  }

  /** @throws RequestError `gateway.overloaded` */
  checkRoom(): void {
    const { eventStreamLimit } = this.#serving.settings
    if (this.#clients.size < eventStreamLimit) return
    throw new RequestError('gateway.overloaded', `${eventStreamLimit} clients follow the log already`)
  }

  /**
   * Sends the log after a position, and what is recorded from then on, until the client goes or the gateway stops. The
   * log is read at the client's pace: what it has not taken is not read, so nothing piles up.
   */
  async follow(
    on: On,
    response: ServerResponse,
    headers: ResponseHeaders,
    options: Pick<EventsOptions, 'after' | 'types' | 'tenant' | 'allTenants'>,
    frame: (event: RecordedEvent) => string,
  ): Promise<void> {
    const { metrics } = this.#serving
    const controller = new AbortController()
    const client = new SseClient(response, headers)
    this.#clients.set(client, controller)
    metrics.streamOpened()
    response.once('close', () => controller.abort())
    // It may have gone before anybody listened.
    if (response.destroyed) controller.abort()
    try {
      const events = on.events({ ...options, live: true, signal: controller.signal })
      await this.#pump(client, events, frame, controller.signal)
    } finally {
      this.#clients.delete(client)
      metrics.streamClosed()
      client.end()
    }
  }

  /** Ends every stream after what was sent; clients that take nothing are not waited for. */
  close(): void {
    clearInterval(this.#heartbeat)
    for (const [client, controller] of this.#clients) {
      if (client.isFull) client.drop()
      controller.abort()
    }
  }

  async #pump(
    client: SseClient,
    events: AsyncIterable<RecordedEvent>,
    frame: (event: RecordedEvent) => string,
    signal: AbortSignal,
  ): Promise<void> {
    const { metrics } = this.#serving
    try {
      for await (const event of events) {
        if (signal.aborted) return
        client.send(frame(event))
        metrics.eventSent()
        if (client.isFull) await client.room()
      }
    } catch (error) {
      // Leaving is no failure, however the log's reader takes it.
      if (!signal.aborted) throw error
    }
  }

  #beat(): void {
    const { settings, metrics } = this.#serving
    const tooLong = performance.now() - settings.slowClientLimit
    for (const client of this.#clients.keys()) {
      if (client.fullSince !== undefined && client.fullSince < tooLong) {
        metrics.slowClientDropped()
        client.drop()
      } else {
        client.beat()
      }
    }
  }
}
