/** What an error says to people. */
export interface ErrorExplanation {
  readonly what: string
  readonly remedy: string
}
