import type { AppendRequest, CommandToLog, Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'

export const anEvent = { type: 'Happened', version: 1, data: '{}', occurredAt: 0, tags: [] }

/** One event to a stream, whatever its revision. */
export function aRequest(stream: string, parts: Partial<AppendRequest> = {}): AppendRequest {
  return {
    tenant: '',
    branch: 0,
    commandId: randomUUID(),
    actor: null,
    correlationId: null,
    causationId: null,
    streams: [{ stream, expected: 'any', events: [anEvent] }],
    conditions: [],
    documents: [],
    command: null,
    ...parts,
  }
}

export const aCommand: CommandToLog = {
  type: 'Do',
  payload: '{}',
  status: 'accepted',
  reason: null,
  causationId: null,
  reads: '{}',
}

export async function positionsOf({ log }: Store): Promise<readonly number[]> {
  const { events } = await log.read({ branch: 0, tenant: undefined, after: 0, limit: 1_000 })
  return events.map(({ position }) => position)
}

/** 1, 2, 3 … */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
