import { mainBranch, type AppendRequest, type EventRow, type StreamAppend } from '../../log/port.ts'
import type { CommandRow } from '../../log/store.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import type { AnyEventType } from '../../message/event.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { type MergedData, mergedType, mergesOf } from '../compare/merged.ts'
import type { Draft } from './draft.ts'
import type { MergeOptions } from './plan.ts'
import type { DraftStep } from './steps.ts'

export const mergeType = '$merge'

export interface RequestParts {
  readonly codec: PayloadCodec
  readonly decode: (row: EventRow) => RecordedEvent
  readonly events: ReadonlyMap<string, AnyEventType>
  readonly branch: { readonly id: number; readonly name: string; readonly tenant: string }
  /** The revision of the stream in which the branch's merges are noted. */
  readonly revision: number
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * What is appended together: first the fact that there was a merge, then the events of the domain, then what is said about
 * the past. Every stream is expected at the revision that the plan has seen, so that nothing comes in between.
 */
export function requestsOf(
  draft: Draft,
  { why, actor = null }: MergeOptions,
  id: string,
  parts: RequestParts,
): readonly AppendRequest[] {
  const { branch, codec, now, revision } = parts
  const expected = new Map(draft.revisions)
  const steps = [
    ...draft.steps.filter(({ kind }) => kind === 'append'),
    ...draft.steps.filter(({ kind }) => kind === 'amend'),
  ]
  const ids = (those: readonly DraftStep[]) => those.map((step) => step.id)
  const data: MergedData = { branch: branch.name, why, taken: ids(steps), left: ids(draft.left) }
  const fact: AppendRequest = {
    tenant: branch.tenant,
    branch: mainBranch,
    commandId: id,
    actor,
    correlationId: null,
    causationId: null,
    streams: [
      {
        stream: mergesOf(branch.id),
        expected: revision,
        events: [
          {
            type: mergedType,
            version: 1,
            data: codec.encode('event', mergedType, 1, data),
            occurredAt: now,
            tags: [],
          },
        ],
      },
    ],
    conditions: [],
    documents: [],
    command: {
      type: mergeType,
      payload: codec.encode('command', mergeType, 1, data),
      status: 'accepted',
      reason: null,
      causationId: null,
      reads: JSON.stringify({ streams: [...draft.revisions] }),
    },
  }
  return [fact, ...steps.map((step) => requestOf(step, expected, parts))]
}

function requestOf(step: DraftStep, expected: Map<string, number>, parts: RequestParts): AppendRequest {
  const [first] = step.rows
  const streams: StreamAppend[] = step.streams.map((stream) => {
    const rows = step.rows.filter((row) => row.stream === stream)
    const before = expected.get(stream) ?? 0
    expected.set(stream, before + rows.length)
    return { stream, expected: before, events: rows.map((row) => eventOf(row, parts)) }
  })
  return {
    tenant: parts.branch.tenant,
    branch: mainBranch,
    commandId: step.id,
    actor: first?.actor ?? null,
    correlationId: first?.correlationId ?? null,
    causationId: first?.causationId ?? null,
    streams,
    conditions: [],
    documents: [],
    command: step.row === undefined ? null : commandOf(step.row),
  }
}

function eventOf(row: EventRow, { decode, events }: RequestParts): StreamAppend['events'][number] {
  const { type, version, data, occurredAt } = row
  const tagsOf = events.get(type)?.tagsOf
  return {
    type,
    version,
    data,
    occurredAt,
    tags: tagsOf === undefined ? [] : tagsOf(decode(row).data as never),
  }
}

function commandOf({ type, payload, status, reason, causationId, reads }: CommandRow) {
  return { type, payload, status, reason, causationId, reads }
}
