/** The state of a stream at a revision. */
export interface StateOf<State> {
  readonly state: State
  /** 0: the stream has no events. */
  readonly revision: number
}
export interface StreamState extends StateOf<unknown> {
  /**
   * When the last one of its events occurred, epoch milliseconds: what occurred before that belongs among them. Only of
   * aggregates that fold by occurrence.
   */
  readonly latest?: number
}
