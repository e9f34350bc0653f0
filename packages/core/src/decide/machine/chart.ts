/**
 * How the states of a machine follow each other, as data: for drawings, for the catalog, for other tools. A state is named
 * by its path, `preparing.baking`.
 */
export interface Chart {
  /** The outermost state that it begins in. */
  readonly initial: string
  /** An outer state stands before the states in it. */
  readonly states: readonly ChartState[]
}

export interface ChartState {
  readonly path: string
  /** The state that it is in; null: the outermost. */
  readonly parent: string | null
  /** The state in it that it begins in; null where there are none in it. */
  readonly initial: string | null
  /** Nothing follows. */
  readonly isFinal: boolean
  readonly description: string | null
  /** What may be asked for in it. */
  readonly commands: readonly ChartCommand[]
  /** What leads where, by the first that applies. */
  readonly transitions: readonly ChartTransition[]
}

export interface ChartCommand {
  readonly command: string
  readonly raises: readonly string[]
  /** The name of the condition under which it is allowed. */
  readonly guard: string | null
}

export interface ChartTransition {
  readonly event: string
  /** Null: it stays where it is. */
  readonly target: string | null
  /** The name of the condition under which it is taken. */
  readonly guard: string | null
}
