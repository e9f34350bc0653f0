/** Whose data a source gives and takes. */
export interface Scope {
  readonly tenant?: string
  readonly allTenants?: true
}
