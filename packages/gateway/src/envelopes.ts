import type { EventEnvelope, RecordedEvent } from '@headwater/core'

/** Where events of all tenants stand together, each says whose it is; the one without a name is empty text. */
export function withTenant(event: RecordedEvent): EventEnvelope & { readonly tenant: string } {
  return { ...event.toJSON(), tenant: event.tenant }
}
