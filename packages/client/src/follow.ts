import { delayOf, pause } from './backoff.ts'
import { messagesOf } from './connection.ts'
import { problemOf } from './problem.ts'
import type { Transport } from './transport.ts'
import type { Envelope } from './wire.ts'

/** What a feed is doing: getting its first connection, receiving, or getting its connection back. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed'

export interface FollowOptions {
  /** Start after this position; default 0, the start of the log. */
  readonly after?: number | undefined
  /** Only events of these types; default all. */
  readonly types?: readonly string[] | undefined
  /** `recorded`: with the data and the version that were recorded; default: those of the current schema. */
  readonly as?: 'current' | 'recorded' | undefined
  /** Events of every tenant, each with its own; for those who may reach any. */
  readonly allTenants?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Give a silent connection up after this many milliseconds (default 45,000: three missed heartbeats). */
  readonly stallTime?: number | undefined
}

/**
 * Follows the log over server-sent events, in batches as they arrive. A connection that ends, breaks or
 * stalls is opened again after the last event that was given, so every event comes once and in order. Ends
 * when the signal aborts; throws a `HeadwaterProblem` when the server refuses in a way that will not pass.
 */
export async function* follow(
  transport: Transport,
  options: FollowOptions,
  onState: (state: ConnectionState) => void,
): AsyncGenerator<readonly Envelope[], void, undefined> {
  const { after = 0, types, as, allTenants, signal, stallTime = 45_000 } = options
  let last = after
  let attempt = 0
  onState('connecting')
  try {
    while (!signal?.aborted) {
      const stall = new AbortController()
      try {
        const response = await transport.send('/events', {
          query: { after, types: types?.join(','), as, allTenants, branch: transport.branch },
          headers: { accept: 'text/event-stream', 'last-event-id': last > 0 ? String(last) : undefined },
          signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
        })
        if (!response.ok) throw await problemOf(response)
        if (!response.body) throw new TypeError('the event stream has no body')
        onState('live')
        for await (const messages of messagesOf(response.body, stallTime, () => stall.abort())) {
          const batch: Envelope[] = []
          for (const message of messages) {
            const position = Number(message.id)
            if (!(position > last)) continue
            batch.push(JSON.parse(message.data))
            last = position
          }
          if (batch.length === 0) continue
          attempt = 0
          yield batch
        }
      } catch (error) {
        if (!isPassing(error, signal)) throw error
      }
      if (signal?.aborted) return
      onState('reconnecting')
      await pause(delayOf(attempt++, transport.backoff), signal)
    }
  } finally {
    onState('closed')
  }
}

/** A broken or stalled connection and a server that is starting or overloaded are worth another try. */
function isPassing(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted || error instanceof TypeError) return true
  if (error instanceof DOMException) return error.name === 'AbortError' || error.name === 'NetworkError'
  if (typeof error !== 'object' || error === null || !('status' in error)) return false
  const { status } = error
  return typeof status === 'number' && (status >= 500 || status === 429 || status === 408)
}
