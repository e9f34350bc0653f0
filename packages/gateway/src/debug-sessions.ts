import { randomUUID } from 'node:crypto'
import { type DebugSession, HeadwaterError } from '@headwater/core'

/** Sessions of a server, and milliseconds after which one that nobody uses is forgotten. */
const mostSessions = 100
const longestIdle = 30 * 60_000

interface Kept {
  readonly session: DebugSession
  readonly tenant: string
  usedAt: number
  /** What is done with it is done one after the other. */
  last: Promise<unknown>
}

/** The debugging sessions of one server, each of one tenant. */
export class DebugSessions {
  readonly #kept = new Map<string, Kept>()

  /** @throws HeadwaterError `debug.too-many` */
  async begin(tenant: string, begin: () => Promise<DebugSession>): Promise<string> {
    this.#forgetIdle()
    if (this.#kept.size >= mostSessions)
      throw new HeadwaterError('debug.too-many', `There are ${mostSessions} debugging sessions`)
    const session = await begin()
    const id = randomUUID()
    this.#kept.set(id, { session, tenant, usedAt: performance.now(), last: Promise.resolve() })
    return id
  }

  /** @throws HeadwaterError `debug.unknown` */
  async use<Result>(
    tenant: string,
    id: string,
    work: (session: DebugSession) => Promise<Result>,
  ): Promise<Result> {
    const kept = this.#find(tenant, id)
    kept.usedAt = performance.now()
    const done = kept.last.then(() => work(kept.session))
    kept.last = Promise.allSettled([done])
    return done
  }

  /** @throws HeadwaterError `debug.unknown` */
  end(tenant: string, id: string): void {
    this.#find(tenant, id)
    this.#kept.delete(id)
  }

  #find(tenant: string, id: string): Kept {
    this.#forgetIdle()
    const kept = this.#kept.get(id)
    // What is another tenant's is not there.
    if (kept !== undefined && kept.tenant === tenant) return kept
    throw new HeadwaterError('debug.unknown', `There is no debugging session ${JSON.stringify(id)}`)
  }

  #forgetIdle(): void {
    const since = performance.now() - longestIdle
    for (const [id, { usedAt }] of this.#kept) if (usedAt < since) this.#kept.delete(id)
  }
}
