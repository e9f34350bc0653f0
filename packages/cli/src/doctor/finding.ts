/** What the doctor found. */
export interface Finding {
  /** `wrong` needs to be set right; `notice` is worth knowing. */
  readonly level: 'fine' | 'notice' | 'wrong'
  readonly subject: string
  readonly found: string
  readonly remedy?: string
}
