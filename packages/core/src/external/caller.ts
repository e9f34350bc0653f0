import type { Caller, CallKey } from '../log/external-journal.ts'
import { deriveId } from '../message/identity.ts'

export function byCommand(type: string, id: string): Caller {
  return { kind: 'command', name: type, id, series: '' }
}

/** @param series what tells a deliberate repetition from the first time */
export function byReaction(name: string, eventId: string, series: readonly (string | number)[]): Caller {
  return { kind: 'reaction', name, id: eventId, series: series.join('/') }
}

export function byQuery(type: string, id: string): Caller {
  return { kind: 'query', name: type, id, series: '' }
}

/** What is sent along with a call: the same for the same call, whenever and by whichever process it is made. */
export function idempotencyKeyOf({ branch, tenant, caller, external, hash, number }: CallKey): string {
  const { kind, name, id, series } = caller
  return deriveId('external', branch, tenant, kind, name, id, series, external, hash, number)
}
