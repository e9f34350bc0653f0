import type { AppendRequest, AppendResult, EventToAppend, StreamAppend } from '@headwater/core'

let made = 0

export function anEvent(parts: Partial<EventToAppend> = {}): EventToAppend {
  return { type: 'Happened', version: 1, data: '{}', occurredAt: 1_700_000_000_000, tags: [], ...parts }
}

export function to(stream: string, events: readonly EventToAppend[] = [anEvent()]): StreamAppend {
  return { stream, expected: 'any', events }
}

export function aRequest(
  streams: readonly StreamAppend[],
  parts: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    tenant: '',
    branch: 0,
    commandId: `command-${++made}`,
    actor: null,
    correlationId: null,
    causationId: null,
    streams,
    conditions: [],
    documents: [],
    command: null,
    ...parts,
  }
}

export function statuses(results: readonly AppendResult[]): readonly AppendResult['status'][] {
  return results.map(({ status }) => status)
}
