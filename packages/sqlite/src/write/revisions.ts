import type { AppendRequest, ExpectedRevision } from '@headwater/core'

/** Streams whose last revisions are remembered. */
const most = 10_000

type Scope = Pick<AppendRequest, 'branch' | 'tenant'>

/**
 * The last revisions of streams that were appended to, never ahead of the index. Revisions only rise, so what is
 * remembered is reached for certain, and the unique index says whether there are more: most appends need no search.
 */
export class Revisions {
  /** By branch, tenant and stream. */
  readonly #known = new Map<number, Map<string, Map<string, number>>>()
  #count = 0

  /** The revision that an append may go on from, if the index has no other opinion; undefined: it has to be looked up. */
  guess({ branch, tenant }: Scope, stream: string, expected: ExpectedRevision): number | undefined {
    if (expected === 'none' || expected === 0) return 0
    if (expected === 'exists' || (expected !== 'any' && !(Number.isInteger(expected) && expected > 0)))
      return undefined
    const known = this.#known.get(branch)?.get(tenant)?.get(stream)
    if (expected === 'any') return known ?? 0
    return known !== undefined && known >= expected ? expected : undefined
  }

  remember({ branch, tenant }: Scope, stream: string, revision: number): void {
    if (this.#count >= most) this.forgetAll()
    let tenants = this.#known.get(branch)
    if (tenants === undefined) this.#known.set(branch, (tenants = new Map()))
    let streams = tenants.get(tenant)
    if (streams === undefined) tenants.set(tenant, (streams = new Map()))
    const size = streams.size
    streams.set(stream, revision)
    this.#count += streams.size - size
  }

  forget({ branch, tenant }: Scope, stream: string): void {
    if (this.#known.get(branch)?.get(tenant)?.delete(stream) === true) this.#count -= 1
  }

  forgetAll(): void {
    this.#known.clear()
    this.#count = 0
  }
}
