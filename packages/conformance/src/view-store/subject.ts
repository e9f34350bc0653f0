import type { ViewStore } from '@headwater/core'

export interface ViewStoreOptions {
  /**
   * Which database to open. A name that was not used before means a new and empty one; the same name again means the same
   * data, if the store is durable. Letters, digits and dashes.
   */
  readonly database: string
}

/** Opens the store of views under test. */
export type MakeViewStore = (options: ViewStoreOptions) => ViewStore | Promise<ViewStore>

/** What a store of views says that it can do; what it can't is skipped by name. */
export interface ViewStoreCapabilities {
  /** What was acknowledged is there when the database is opened again. */
  readonly durable?: boolean
  /** How another process opens it. */
  readonly multiProcess?: {
    /** A module that exports a {@link ViewStoreModule}'s function. */
    readonly module: URL
    /** Passed on after the database's name. */
    readonly arguments?: readonly string[]
  }
}

export interface ViewStoreModule {
  openViewStore(database: string, ...given: readonly string[]): ViewStore | Promise<ViewStore>
}
