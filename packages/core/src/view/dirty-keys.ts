import type { RecordedEvent } from '../message/recorded.ts'

/** Keys whose documents have to be folded anew, and what has come for each of them: first what made it necessary. */
export class DirtyKeys {
  readonly byTenant = new Map<string, Map<string, RecordedEvent[]>>()

  /** What has come for a key; undefined: it is not dirty. */
  get(tenant: string, key: string): RecordedEvent[] | undefined {
    return this.byTenant.get(tenant)?.get(key)
  }

  add(first: RecordedEvent, key: string): void {
    const keys = this.byTenant.get(first.tenant) ?? new Map<string, RecordedEvent[]>()
    keys.set(key, [first])
    this.byTenant.set(first.tenant, keys)
  }
}
