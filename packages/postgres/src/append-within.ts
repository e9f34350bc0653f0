import type { AppendCondition, AppendRequest, ExpectedRevision, NewEvent } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { randomUUID } from 'node:crypto'
import { codeOf, translated } from './errors.ts'
import { requireSchemaName } from './name.ts'
import { quoted } from './schema.ts'
import { faultOf } from './write/fault.ts'
import { Revisions } from './write/revisions.ts'
import { valuesOf } from './write/wave.ts'
import { untaggedFrom } from './conditions.ts'

/** A connection in a transaction, such as a client of `pg`. It must send a Buffer as bytes. */
export interface TransactionClient {
  query(text: string, values?: unknown[]): Promise<unknown>
}

export interface EventsForStream {
  /** `<aggregate>-<id>`; at most once in an append. */
  readonly stream: string
  readonly events: readonly NewEvent[]
  /** What the stream must be like at the commit; default `any`. */
  readonly expected?: ExpectedRevision
}

export interface AppendWithinOptions {
  /** Where the log is; default `headwater`. */
  readonly schema?: string
  readonly tenant?: string
  /** With an id it is appended once: a second transaction with it can't be committed. Letters, digits, dashes. */
  readonly id?: string
  readonly actor?: string
  readonly correlationId?: string
  readonly causationId?: string
  /** Refuses the commit if events that match were recorded after a position. */
  readonly conditions?: readonly AppendCondition[]
  /** Makes text or bytes of the events' data, as the app's codec does; default: JSON. */
  readonly encode?: (type: string, version: number, data: unknown) => string | Uint8Array
}

/**
 * Appends events in a transaction of the caller's: both are committed, or neither. The events are numbered at the commit,
 * so nobody waits for a transaction that is long; what they exclude is checked then too, and ends the transaction.
 *
 * Inline views are not fed. Who follows the log hears of the events within a second.
 *
 * @param client a connection in a READ COMMITTED transaction, in the database of the log
 * @returns the id of the append: its events are `<id>.1`, `<id>.2`, …
 * @throws HeadwaterError `log.isolation-level`, `app.invalid`, `event.invalid`, `log.invalid-text`, `segment.detached`; the commit fails with an
 *   error that {@link appendError} tells: `log.conflict`, `log.condition-failed`, `log.duplicate`, `log.inline-view`,
 *   `segment.detached`
 */
export async function appendWithin(
  client: TransactionClient,
  appends: readonly EventsForStream[],
  options: AppendWithinOptions = {},
): Promise<string> {
  const { schema = 'headwater', conditions = [] } = options
  requireSchemaName(schema)
  const request = requestOf(appends, options)
  const fault = faultOf(request)
  if (fault instanceof HeadwaterError) throw fault
  if (fault !== undefined) throw new HeadwaterError('event.invalid', fault.message, { cause: fault })
  const wave = valuesOf({ branch: request.branch, requests: [request] }, new Revisions())
  const values = [request.branch, ...wave.values]
  const places = values.map((_, index) => `$${index + 1}`).join(', ')
  const after = untaggedFrom(conditions)
  try {
    if (after !== undefined)
      await client.query(`SELECT ${quoted(schema)}.stage_condition($1, $2)`, [request.branch, after])
    await client.query(`SELECT ${quoted(schema)}.stage_append(${places})`, values)
  } catch (error) {
    throw appendError(error) ?? error
  }
  return request.commandId
}

/** What an error of a commit says about the appends in it; undefined: it has nothing to do with them. */
export function appendError(error: unknown): HeadwaterError | undefined {
  if (codeOf(error) !== 'HW000') return undefined
  const known = translated(error, 'postgres')
  return known instanceof HeadwaterError ? known : undefined
}

function requestOf(appends: readonly EventsForStream[], options: AppendWithinOptions): AppendRequest {
  const { tenant = '', id, actor = null, correlationId = null, causationId = '', conditions = [] } = options
  const encode = options.encode ?? ((_type, _version, data: unknown) => JSON.stringify(data))
  const now = Date.now()
  return {
    tenant,
    branch: 0,
    commandId: id ?? randomUUID(),
    actor,
    correlationId,
    causationId,
    streams: appends.map(({ stream, events, expected = 'any' }) => ({
      stream,
      expected,
      events: events.map(({ type, version, data, occurredAt, tags }) => ({
        type,
        version,
        data: encode(type, version, data),
        occurredAt: occurredAt?.getTime() ?? now,
        tags,
      })),
    })),
    conditions,
    documents: [],
    command:
      id === undefined
        ? null
        : {
            type: '$append',
            payload: '{}',
            status: 'accepted',
            reason: null,
            causationId: null,
            reads: '{}',
          },
  }
}
