import { HeadwaterError } from './errors.ts'

/** Whose it is where nobody says: an app without tenants keeps everything here. */
export const noTenant = ''

const name = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,62}$/

let lastValid = noTenant

/**
 * The tenant that a call names; the one without a name where it names none.
 *
 * @throws HeadwaterError `tenant.invalid-name`
 */
export function tenantNamed(given: string | undefined): string {
  // Most calls in a row are for the same one.
  if (given === undefined || given === noTenant) return noTenant
  if (given === lastValid) return given
  if (typeof given !== 'string' || !name.test(given)) {
    throw new HeadwaterError('tenant.invalid-name', `Not a tenant's name: ${shown(given)}`)
  }
  lastValid = given
  return given
}

/** Whose events or commands are read: those of one tenant or, where that is said, of all. */
export interface TenantScope {
  /** Default: the one without a name. */
  readonly tenant?: string
  /** Of every tenant; not together with `tenant`. */
  readonly allTenants?: boolean
}

/**
 * The tenant whose data a scope holds; undefined: of all.
 *
 * @throws HeadwaterError `tenant.invalid-name`
 */
export function scopeNamed({ tenant, allTenants = false }: TenantScope): string | undefined {
  if (!allTenants) return tenantNamed(tenant)
  if (tenant === undefined) return undefined
  throw new HeadwaterError('tenant.invalid-name', `Of ${shown(tenant)} or of all tenants, not both`)
}

function shown(given: unknown): string {
  return typeof given === 'string' ? JSON.stringify(given.slice(0, 80)) : typeof given
}
