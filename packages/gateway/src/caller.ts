import type { IncomingMessage } from 'node:http'
import { HeadwaterError, noTenant, tenantNamed } from '@headwater/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addVary } from './replies.ts'
import type { Identity } from './identity.ts'
import type { Serving } from './serving.ts'

/** On whose behalf a request is answered. */
export interface Caller {
  /** Undefined: nobody was asked. */
  readonly actor: string | null | undefined
  readonly tenant: string
  /** Whether it may read what belongs to all tenants at once. */
  readonly isOperator: boolean
}

const header = 'headwater-tenant'
const anyTenant = '*'

/**
 * Finds out who sends a request. Every route that reads or records something of a tenant asks this first.
 *
 * @throws HeadwaterError `tenant.forbidden`, `tenant.required`, `tenant.invalid-name`, and what `identify` throws
 */
export async function callerOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { settings }: Serving,
): Promise<Caller> {
  // The same address is another thing for another tenant: no cache may mix them up.
  addVary(reply, header)
  const identity = await settings.identify?.(request.raw)
  const named = tenantInHeader(request.raw)
  const allowed = identity?.tenant ?? (settings.tenantHeader ? anyTenant : undefined)
  const tenant = choose(allowed, named)
  return { actor: identity?.actor, tenant, isOperator: allowed === anyTenant }
}

/** The options by which the calls of a caller are made. */
export function onBehalfOf({ actor, tenant }: Caller): {
  readonly actor?: string | null
  readonly tenant: string
} {
  return { tenant, ...(actor !== undefined && { actor }) }
}

/**
 * Whose events or commands a list is of: `allTenants=true` has to be said, and allowed.
 *
 * @throws HeadwaterError `tenant.forbidden`
 */
export function scopeOf(
  { tenant, isOperator }: Caller,
  allTenants: boolean,
): { readonly tenant: string } | { readonly allTenants: true } {
  if (!allTenants) return { tenant }
  if (isOperator) return { allTenants: true }
  throw new HeadwaterError(
    'tenant.forbidden',
    'What belongs to all tenants is for those who may reach any of them',
  )
}

/**
 * For what concerns all tenants: who belongs to one of them looks after none of it, and who says that all are meant must
 * reach any of them.
 *
 * @throws HeadwaterError `tenant.forbidden`
 */
export function requireReach(caller: Caller, allTenants = false): void {
  scopeOf(caller, allTenants || caller.tenant !== noTenant)
}

/** Twice, it would be joined by a comma, which no name has. */
function tenantInHeader({ headers }: IncomingMessage): string | undefined {
  const named = headers[header]
  return named === undefined ? undefined : tenantNamed(String(named))
}

function choose(allowed: Identity['tenant'], named: string | undefined): string {
  if (allowed === anyTenant) return named ?? noTenant
  if (allowed === undefined || typeof allowed === 'string') {
    const own = tenantNamed(allowed)
    if (named === undefined || named === own) return own
    throw forbidden(named)
  }
  if (named === undefined) {
    const [only, ...others] = allowed
    if (only !== undefined && others.length === 0) return tenantNamed(only)
    throw new HeadwaterError('tenant.required', 'Headwater-Tenant has to say of which tenant')
  }
  if (allowed.includes(named)) return named
  throw forbidden(named)
}

/** Says the same of tenants that are there and of those that are not. */
function forbidden(tenant: string): HeadwaterError {
  return new HeadwaterError('tenant.forbidden', `The tenant ${tenant} is not within reach`)
}
