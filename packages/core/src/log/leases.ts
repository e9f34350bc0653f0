/** The right to do something alone, for a time, on the database's clock. */
export interface Leases {
  /**
   * Undefined: somebody else holds it. Taking it again as the same owner renews it.
   *
   * @param duration milliseconds after which it is lost, unless renewed
   */
  acquire(name: string, owner: string, duration: number): Promise<Lease | undefined>
  /** False: it was lost. */
  renew(lease: Lease, duration: number): Promise<boolean>
  release(lease: Lease): Promise<void>
  /** Those that are held now, of names that begin with the prefix. */
  held(prefix: string): Promise<readonly Pick<Lease, 'name' | 'owner'>[]>
}

/** `token` rises with every new holder, so that a late write of an old one is recognised. */
export interface Lease {
  readonly name: string
  readonly owner: string
  readonly token: number
}
