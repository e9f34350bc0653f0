import type { IncomingMessage } from 'node:http'

/** Who sends a request, and whose data it may reach. */
export interface Identity {
  /** The actor of commands and queries; null: nobody in particular. */
  readonly actor: string | null
  /**
   * The tenant whose data the request is about. Several: the header `Headwater-Tenant` says which of them. `*`: any, and
   * all at once, for operators. Undefined: the one without a name, unless the gateway takes the header from anyone.
   */
  readonly tenant?: string | readonly string[]
}

export type Identify = (request: IncomingMessage) => Identity | Promise<Identity>

/** What settings make of `actor`, the short form, and `identify`. */
export function identifier(options: {
  readonly actor?: (request: IncomingMessage) => string | null
  readonly identify?: Identify
}): Identify | undefined {
  const { actor, identify } = options
  if (identify !== undefined || actor === undefined) return identify
  return (request) => ({ actor: actor(request) })
}
