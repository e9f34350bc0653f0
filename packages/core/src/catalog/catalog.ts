import type { Chart } from '../decide/machine/chart.ts'

/** Everything an app consists of, as data: for pages, for OpenAPI, for Studio. */
export interface Catalog {
  readonly app: string
  readonly contexts: readonly CatalogContext[]
  readonly events: readonly CatalogEvent[]
  readonly commands: readonly CatalogCommand[]
  readonly queries: readonly CatalogQuery[]
  readonly rules: readonly CatalogRule[]
}

/** A dated rule: which contexts go by it. What it says is asked of the running app. */
export interface CatalogRule {
  readonly name: string
  readonly description: string | null
  readonly timeZone: string
  readonly contexts: readonly string[]
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
    /** How its states follow each other; null where it is no state machine. */
    readonly chart: Chart | null
  }[]
  /** Of commands that no aggregate decides. */
  readonly handlers: readonly {
    readonly command: string
    readonly description: string | null
    /** Its events are recorded in the streams `<stream>-<id>`. */
    readonly stream: string
    /** The field of the command that holds the id. */
    readonly id: string
    readonly events: readonly string[]
    /** The tables that it reads and saves. */
    readonly tables: string | null
    readonly concurrency: string
  }[]
  readonly tables: readonly { readonly name: string; readonly description: string | null }[]
  readonly views: readonly {
    readonly name: string
    readonly description: string | null
    readonly lifecycle: string
    readonly events: readonly string[]
    readonly indexes: readonly string[]
    readonly search: readonly string[]
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
  /** What its stream is named after: the aggregate that decides it, or its handler's stream. */
  readonly aggregate: string
  readonly schema: Record<string, unknown> | null
}

export interface CatalogQuery {
  readonly name: string
  readonly description: string | null
  readonly context: string
  /** JSON Schema (2020-12); null where there is none: it takes nothing, or the schema’s library offers no such form. */
  readonly input: Record<string, unknown> | null
  readonly output: Record<string, unknown> | null
}
