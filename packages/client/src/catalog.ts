/** The application as its code describes it, from `GET /catalog`. */
export interface Catalog {
  readonly app: string
  readonly contexts: readonly CatalogContext[]
  readonly events: readonly CatalogEvent[]
  readonly commands: readonly CatalogCommand[]
}

export interface CatalogContext {
  readonly name: string
  readonly description?: string | null
  readonly aggregates: readonly CatalogAggregate[]
  readonly views: readonly CatalogView[]
  readonly subscriptions: readonly CatalogSubscription[]
}

export interface CatalogAggregate {
  readonly name: string
  /** The field of its commands that holds the aggregate's id. */
  readonly id: string
  readonly events: readonly string[]
  readonly commands: readonly string[]
  readonly concurrency: string
  readonly description?: string | null
}

export interface CatalogView {
  readonly name: string
  readonly lifecycle: 'async' | 'inline' | 'live'
  readonly events: readonly string[]
  readonly indexes: readonly string[]
  readonly description?: string | null
  readonly schema?: JsonSchema | null
}

export interface CatalogSubscription {
  readonly name: string
  readonly events: readonly string[]
  readonly when: 'in-transaction' | 'after-commit' | 'async'
  readonly description?: string | null
}

/** A JSON Schema document, as far as forms and pages need to look into it. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly anyOf?: readonly JsonSchema[]
  readonly [keyword: string]: unknown
}

export interface CatalogEvent {
  readonly name: string
  readonly version: number
  readonly kind: string
  readonly visibility: 'internal' | 'public'
  readonly description?: string | null
  readonly context: string
  readonly aggregate: string | null
  readonly schema: JsonSchema | null
  readonly reactedToBy: readonly string[]
}

export interface CatalogCommand {
  readonly name: string
  readonly description?: string | null
  readonly context: string
  readonly aggregate: string
  readonly schema: JsonSchema | null
}
