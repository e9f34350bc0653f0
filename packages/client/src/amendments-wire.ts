/** What was said about an event afterwards: who said it, why, and when. */
export interface Amended {
  /** `omit`: it counts no more. `replace`: it is another one. `insert`: it was put in later. */
  readonly edit: 'omit' | 'replace' | 'insert'
  /** Of the amendment, itself an event. */
  readonly id: string
  readonly position: number
  readonly by: string | null
  readonly why: string
  readonly at: string
  /** Of an inserted event: the revision of the recorded one behind which it stands; 0: it is the first one. */
  readonly behind?: number
}

/** What is taken back by further events, and what was recorded for it. */
export interface Reversal {
  readonly id: string
  /** The log ended here when it was planned. */
  readonly head: number
  /** The latest first. */
  readonly events: readonly ReversedEvent[]
  /** Types that don't say how they are taken back, and of how many events. */
  readonly lacking: readonly { readonly type: string; readonly stream: string; readonly events: number }[]
  readonly recorded: readonly ReversedEvent[]
}

export interface ReversedEvent {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: number
  readonly position: number
}

/** What was recorded by amending. */
export interface Amendments {
  readonly id: string
  /** Of the last amendment, for `waitFor`. */
  readonly position: number
  readonly amendments: readonly {
    /** Of the amendment; of what it inserts, too. */
    readonly id: string
    readonly edit: 'omit' | 'replace' | 'insert' | 'restore'
    /** The event that it is about; null: the beginning of the stream. */
    readonly target: string | null
    readonly stream: string
    readonly revision: number
    readonly position: number
  }[]
}
