import { newCommandId } from './command-id.ts'
import type { Transport } from './transport.ts'
import type { Amendments, Reversal } from './amendments-wire.ts'

/** What takes an event's place. */
export interface Correction {
  readonly data: unknown
  /** Default: that of the event. */
  readonly type?: string | undefined
  /** Of the schema of `data`; default: the current one. */
  readonly version?: number | undefined
  /** ISO 8601; default: when the event occurred. */
  readonly occurredAt?: string | undefined
}

/** An event that was left out. */
export interface Insertion extends Correction {
  readonly type: string
}

export type Edit =
  | { readonly omit: string }
  | { readonly restore: string }
  | { readonly replace: Correction & { readonly event: string } }
  /** Behind an event, or as the first one of a stream. */
  | { readonly insert: Insertion & ({ readonly after: string } | { readonly stream: string }) }

export interface AmendOptions {
  /** Recorded with who says so, and shown wherever the amendment shows. */
  readonly why: string
  /** Of the amendments; a fresh UUID unless given. The same id has one effect and the same answer. */
  readonly id?: string | undefined
  readonly correlationId?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** `dryRun` only says what it would take. */
export type RevertOptions =
  | { readonly why: string; readonly dryRun?: false | undefined }
  | { readonly why?: string | undefined; readonly dryRun: true }

/** Corrects the past by facts about facts: nothing that was recorded is changed. */
export interface AmendingClient {
  /** Says what really was so, of many events at once: all of it or nothing. */
  amend(edits: readonly Edit[], options: AmendOptions): Promise<Amendments>
  /** An event counts no more. */
  ignore(eventId: string, options: AmendOptions): Promise<Amendments>
  /** What should have been recorded in the place of an event. What doesn't fit is told in `errors`, below `/data`. */
  correct(eventId: string, by: Correction, options: AmendOptions): Promise<Amendments>
  /** Takes back what amendments have said of an event. */
  restore(eventId: string, options: AmendOptions): Promise<Amendments>
  /** What should have been recorded right behind an event. */
  insert(afterEventId: string, event: Insertion, options: AmendOptions): Promise<Amendments>
  /** Takes back all events of a stream behind a revision, by further ones. */
  revertStream(stream: string, to: number, options: RevertOptions): Promise<Reversal>
  /** Takes back all that something caused, or all events behind a position, by further ones. */
  revert(
    scope: { readonly causedBy: string } | { readonly position: number },
    options: RevertOptions,
  ): Promise<Reversal>
}

export function createAmendingClient({ json, branch }: Transport): AmendingClient {
  const send = (
    path: string,
    body: object,
    { why, id = newCommandId(), correlationId, signal }: AmendOptions,
  ): Promise<Amendments> =>
    json(path, {
      method: 'POST',
      query: { branch },
      body: { why, ...body },
      headers: { 'idempotency-key': id, 'correlation-id': correlationId },
      signal,
    })
  const eventPath = (id: string, act: string): string => `/events/${encodeURIComponent(id)}/${act}`
  return {
    amend: (edits, options) => send('/amendments', { edits }, options),
    ignore: (id, options) => send(eventPath(id, 'ignore'), {}, options),
    correct: (id, by, options) => send(eventPath(id, 'correct'), by, options),
    restore: (id, options) => send(eventPath(id, 'restore'), {}, options),
    insert: (id, event, options) => send(eventPath(id, 'insert'), event, options),
    revertStream: (stream, to, options) =>
      json(`/streams/${encodeURIComponent(stream)}/revert`, {
        method: 'POST',
        query: { branch },
        body: { to, ...options },
      }),
    revert: (scope, options) =>
      json('/revert', { method: 'POST', query: { branch }, body: { ...scope, ...options } }),
  }
}
