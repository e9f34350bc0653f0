import type { AppendRequest, StreamAppend } from '@headwater/core'

/** Streams whose last revisions are remembered. */
const most = 10_000

type Scope = Pick<AppendRequest, 'branch' | 'tenant'>

/**
 * The last revisions of streams that were appended to, never ahead of the database. Revisions only rise, so what is
 * remembered is reached for certain, and the unique index says whether there are more: most appends need no search.
 */
export class Revisions {
  /** By branch, tenant and stream. */
  readonly #known = new Map<string, number>()

  /** The revision from which an append goes on, unless the index says otherwise; null: it has to be looked up. */
  guess(scope: Scope, { stream, expected, inherited }: StreamAppend): number | null {
    if ((expected === 'none' || expected === 0) && inherited === undefined) return 0
    const known = this.#known.get(keyOf(scope, stream))
    if (known === undefined) return null
    return typeof expected === 'string' || expected === known ? known : null
  }

  remember(scope: Scope, stream: string, revision: number): void {
    if (this.#known.size >= most) this.#known.clear()
    this.#known.set(keyOf(scope, stream), revision)
  }

  forget(): void {
    this.#known.clear()
  }
}

function keyOf({ branch, tenant }: Scope, stream: string): string {
  return `${branch}/${tenant.length}/${tenant}/${stream}`
}
