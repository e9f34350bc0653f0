/** What a process of a soak is told when it is started. */
export interface SoakTask {
  /** A module that exports the functions of `StoreModule`. */
  readonly module: string
  readonly database: string
  readonly given: readonly string[]
  readonly seed: string
  /** Of this process, from its start to its end: `2-17` is the 17th one in the second place. */
  readonly life: string
  /** Where it writes down what it does and sees. */
  readonly journal: string
  /** The journals in which there may be questions without an answer, which it asks again. */
  readonly unanswered: readonly string[]
  /** `settle`: nothing new is written; all that was begun is brought to its end. */
  readonly mode: 'work' | 'settle'
  readonly leaseDuration: number
  readonly pace: number
  /** Milliseconds in which processors have to come to the end of the log when nobody writes any more. */
  readonly patience: number
  /** Milliseconds by which its clock is wrong. */
  readonly shift: number
}

/** What a process of a soak tells from time to time. */
export interface SoakNews {
  readonly kind: 'ready' | 'progress' | 'done'
  /** How many things it has done since it was started. */
  readonly done: number
}
