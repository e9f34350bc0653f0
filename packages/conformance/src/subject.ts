import type { Store } from '@headwater/core'

export interface StoreOptions {
  /**
   * Which database to open. A name that was not used before means a new and empty one; the same name again means the same
   * data, if the store is durable. Letters, digits and dashes: good for a file's name.
   */
  readonly database: string
  /** Epoch milliseconds: the store's clock. Given only where the store says that it has virtual time. */
  readonly now?: () => number
}

/** Opens the store under test. */
export type MakeStore = (options: StoreOptions) => Store | Promise<Store>

/** What a store says that it can do; what it can't is skipped by name. */
export interface Capabilities {
  /** What was acknowledged is there when the database is opened again. */
  readonly durable?: boolean
  /** The store takes its time from the `now` that it is given. */
  readonly virtualTime?: boolean
  /** The store keeps tables for users. */
  readonly sql?: boolean
  /** The store keeps branches. */
  readonly branches?: boolean
  /** Documents lie in a database without the log: they have no versions, and nothing is written beside them. */
  readonly documentsAlone?: boolean
  /** A lease ends with the store of its holder, and nobody waits until it has run out. */
  readonly leasesEndWithStore?: boolean
  /**
   * The store takes long to open, or to answer: its tests have longer, and properties half of their runs, which is as many as
   * find each of the faults that the suite is tested with.
   */
  readonly slow?: boolean
  /**
   * Takes back what a database took, once all that a test opened is closed: no test opens it again. Left out: whoever opens
   * the stores removes what they leave behind.
   */
  readonly remove?: (database: string) => unknown
  /** Several processes may open one database at the same time. */
  readonly multiProcess?: StoreInProcesses
}

/** How another process opens the store under test. */
export interface StoreInProcesses {
  /** A module that exports a {@link StoreModule}'s functions. */
  readonly module: URL
  /** Passed on to the module's functions after the database's name. */
  readonly arguments?: readonly string[]
}

export interface StoreModule {
  openStore(database: string, ...given: readonly string[]): Store | Promise<Store>
  /**
   * Takes the database's write lock without the store, like a backup or a person at a console, and gives the function
   * that lets go of it.
   */
  lockWrites(database: string, ...given: readonly string[]): (() => void) | Promise<() => void>
  /**
   * Ends the connections of all processes, in whatever they are, like a restart of the database's server. Left out where
   * there are none.
   */
  breakConnections?(database: string, ...given: readonly string[]): Promise<void>
}
