/** Everything an app consists of, as data: for pages, for OpenAPI, for Studio. */
export interface Catalog {
  readonly app: string
  readonly contexts: readonly CatalogContext[]
  readonly events: readonly CatalogEvent[]
  readonly commands: readonly CatalogCommand[]
}

export interface CatalogContext {
  readonly name: string
  readonly description: string | null
  readonly aggregates: readonly {
    readonly name: string
    readonly description: string | null
    /** The field of its commands that holds its id. */
    readonly id: string
    readonly events: readonly string[]
    readonly commands: readonly string[]
    readonly concurrency: string
  }[]
  readonly views: readonly {
    readonly name: string
    readonly description: string | null
    readonly lifecycle: string
    readonly events: readonly string[]
    readonly indexes: readonly string[]
    readonly schema: Record<string, unknown> | null
  }[]
  readonly subscriptions: readonly {
    readonly name: string
    readonly description: string | null
    readonly events: readonly string[]
    readonly when: string
  }[]
}

export interface CatalogEvent {
  readonly name: string
  readonly version: number
  readonly kind: string
  readonly visibility: string
  readonly description: string | null
  readonly context: string
  readonly aggregate: string | null
  /** JSON Schema (2020-12); null where the schema's library offers none. */
  readonly schema: Record<string, unknown> | null
  readonly reactedToBy: readonly string[]
}

export interface CatalogCommand {
  readonly name: string
  readonly description: string | null
  readonly context: string
  readonly aggregate: string
  readonly schema: Record<string, unknown> | null
}
