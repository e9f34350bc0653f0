import type { ServerResponse } from 'node:http'
import type { RecordedEvent } from '@headwater/core'
import { withTenant } from './envelopes.ts'

/** Characters that are gathered before they go to the socket although more is at hand. */
const chunk = 32 * 1024

/** Milliseconds that a browser shall wait before it connects again. */
const reconnectTime = 2_000

// Clients at the end of the log are given the very same event objects: each is written out once for all of them.
const frames = new WeakMap<RecordedEvent, string>()

export type ResponseHeaders = Readonly<Record<string, string | string[] | number | undefined>>

/** An event as a server-sent message. */
export function frameOf(event: RecordedEvent): string {
  const made = frames.get(event)
  if (made !== undefined) return made
  const frame = framed(event, event)
  frames.set(event, frame)
  return frame
}

/** The same for those who follow all tenants, and have to be told whose it is. */
export function frameWithTenant(event: RecordedEvent): string {
  return framed(event, withTenant(event))
}

function framed({ position, type }: RecordedEvent, data: unknown): string {
  return `id: ${position}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}

/**
 * One client of an event stream. Holds what is not yet with the socket: at most a chunk and one event; whoever sends
 * waits for `room` before going on.
 */
export class SseClient {
  readonly #response: ServerResponse
  #pending = ''
  #isFlushPlanned = false
  #fullSince: number | undefined

  constructor(response: ServerResponse, headers: ResponseHeaders) {
    this.#response = response
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value)
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that gather answers before passing them on (nginx) are told not to.
      'x-accel-buffering': 'no',
    })
    response.socket?.setKeepAlive(true, 30_000)
    response.on('drain', () => {
      this.#fullSince = undefined
    })
    // A connection that breaks is a client that went: it comes back by itself, after the last event that it has.
    response.on('error', () => response.destroy())
    response.write(`retry: ${reconnectTime}\n\n`)
  }

  /** Since when the client has not taken what it was sent; undefined: it takes it. In milliseconds of `performance.now`. */
  get fullSince(): number | undefined {
    return this.#fullSince
  }

  /** Whether to wait for `room` before the next event. */
  get isFull(): boolean {
    return this.#fullSince !== undefined
  }

  send(frame: string): void {
    this.#pending += frame
    if (this.#pending.length >= chunk) return this.#flush()
    if (this.#isFlushPlanned) return
    // Events that are at hand together go out together: the flush comes when no more of them is.
    this.#isFlushPlanned = true
    process.nextTick(() => {
      this.#isFlushPlanned = false
      this.#flush()
    })
  }

  /** Shows the client, and whatever is between, that the connection lives. */
  beat(): void {
    if (!this.isFull) this.#write(':\n\n')
  }

  /** Resolves when the client has taken what was sent, or is gone. */
  room(): Promise<void> {
    if (!this.isFull || this.#response.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done)
        this.#response.off('close', done)
        resolve()
      }
      this.#response.on('drain', done)
      this.#response.on('close', done)
    })
  }

  /** Ends the stream after what was sent. */
  end(): void {
    this.#flush()
    this.#response.end()
  }

  /** Drops the client with what it has not taken. */
  drop(): void {
    this.#response.destroy()
  }

  #flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#write(text)
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return
    if (!this.#response.write(text)) this.#fullSince ??= performance.now()
  }
}
