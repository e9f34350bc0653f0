/** How to replay a branch. */
export interface ReplayOptions {
  readonly mode: 'facts' | 'decisions'
  /** A position: commands are looked at from there on. Default: from the earliest amendment on. */
  readonly from?: number | undefined
  /** Every command from there on is decided again. */
  readonly all?: boolean | undefined
  /** Aborted, it ends behind the command that it is at; sent again, it goes on from there. */
  readonly signal?: AbortSignal | undefined
}

export interface ReplayedOutcome {
  readonly status: 'accepted' | 'rejected' | 'dropped'
  readonly reason: {
    readonly code: string
    readonly message?: string | undefined
    readonly data?: unknown
  } | null
}

/** What a replay did. */
export interface ReplayReport {
  readonly mode: 'facts' | 'decisions'
  readonly branch: string
  /** The last one of the branch. */
  readonly position: number
  readonly views: readonly string[]
  readonly notFollowed: readonly { readonly view: string; readonly why: string }[]
  /** Null: nothing is decided again by `facts`. */
  readonly decisions: {
    readonly from: number | null
    readonly commands: { readonly looked: number; readonly decided: number; readonly changed: number }
    readonly events: {
      readonly omitted: number
      readonly replaced: number
      readonly inserted: number
      readonly restored: number
    }
    /** What commands came to otherwise; the first 1,000. */
    readonly outcomes: readonly {
      readonly id: string
      readonly type: string
      readonly stream: string | null
      /** Null: it was never sent before. */
      readonly before: ReplayedOutcome | null
      readonly after: ReplayedOutcome
      readonly because: {
        readonly kind: 'state' | 'rule' | 'event' | 'clean' | 'asked'
        readonly stream?: string
        readonly rule?: string
        readonly event?: string
      }
    }[]
    /** Commands that are left as they were; the first 100. */
    readonly undecided: readonly {
      readonly id: string
      readonly type: string
      readonly code: string
      readonly message: string
    }[]
    /** What subscriptions that are not pure were not told; the first 100. */
    readonly heldBack: readonly {
      readonly subscription: string
      readonly event: string
      readonly type: string
    }[]
    readonly counts: { readonly outcomes: number; readonly undecided: number; readonly heldBack: number }
  } | null
}
