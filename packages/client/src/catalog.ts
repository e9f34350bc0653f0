/** The application as its code describes it, from `GET /catalog`. */
export interface Catalog {
  readonly app: string
  readonly contexts: readonly CatalogContext[]
  readonly events: readonly CatalogEvent[]
  readonly commands: readonly CatalogCommand[]
  readonly queries: readonly CatalogQuery[]
  readonly rules: readonly CatalogRule[]
}

/** A dated rule; what it says is asked of the running app. */
export interface CatalogRule {
  readonly name: string
  readonly description?: string | null
  readonly timeZone: string
  /** Which go by it. */
  readonly contexts: readonly string[]
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
  /** How its states follow each other; null where it is no state machine. `/catalog/machines/{name}` draws it. */
  readonly chart?: CatalogChart | null
}

export interface CatalogChart {
  readonly initial: string
  readonly states: readonly CatalogState[]
}

export interface CatalogState {
  /** `kitchen.baking`: the state `baking` in the state `kitchen`. */
  readonly path: string
  readonly parent: string | null
  readonly initial: string | null
  readonly isFinal: boolean
  readonly description: string | null
  readonly commands: readonly {
    readonly command: string
    readonly raises: readonly string[]
    readonly guard: string | null
  }[]
  readonly transitions: readonly {
    readonly event: string
    readonly target: string | null
    readonly guard: string | null
  }[]
}

export interface CatalogView {
  readonly name: string
  readonly lifecycle: 'async' | 'inline' | 'live'
  readonly events: readonly string[]
  readonly indexes: readonly string[]
  readonly search: readonly string[]
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

export interface CatalogQuery {
  readonly name: string
  readonly description?: string | null
  readonly context: string
  /** Null: the schema's library gives none. */
  readonly input: JsonSchema | null
  readonly output: JsonSchema | null
}
