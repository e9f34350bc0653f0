/** A document at hand; null: there is none. */
export interface CachedDocument {
  readonly document: unknown
  /** As stored; 0 where there is none. */
  readonly version: number
}

/** Documents by tenant and key. */
export class DocumentCache {
  readonly #entries = new Map<string, CachedDocument>()

  get(id: string): CachedDocument | undefined {
    return this.#entries.get(id)
  }

  set(id: string, entry: CachedDocument): void {
    this.#entries.set(id, entry)
  }

  delete(id: string): void {
    this.#entries.delete(id)
  }

  /** Drops what was put in first, down to the capacity. */
  trim(capacity: number): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= capacity) return
      this.#entries.delete(id)
    }
  }
}

/** A document's identity across tenants. */
export function documentId(tenant: string, key: string): string {
  return tenant === '' ? key : `${tenant}\u0000${key}`
}
