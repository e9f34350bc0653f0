/** A document at hand; null: there is none. */
export interface CachedDocument {
  readonly document: unknown
  /** As stored; 0 where there is none. */
  readonly version: number
}

/** The documents used last, by tenant and key, bounded. */
export class DocumentCache<Entry extends CachedDocument = CachedDocument> {
  readonly #entries = new Map<string, Entry>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  set(id: string, entry: Entry): void {
    this.#entries.set(id, entry)
  }

  delete(id: string): void {
    this.#entries.delete(id)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Drops what was put in first, down to the capacity; called when nothing that is kept is needed any more. */
  trim(): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) return
      this.#entries.delete(id)
    }
  }
}

/** A document's identity across tenants. */
export function documentId(tenant: string, key: string): string {
  return tenant === '' ? key : `${tenant}\u0000${key}`
}
