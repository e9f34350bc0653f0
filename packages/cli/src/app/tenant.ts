import { isHeadwaterError, tenantNamed } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { flag, parsed } from '../command/options.ts'

/** For commands that read or record what belongs to a tenant. */
export const tenantOption = parsed(
  '<name>',
  'Of which tenant; default: the one without a name',
  (written, name) => {
    try {
      return tenantNamed(written)
    } catch (error) {
      if (!isHeadwaterError(error)) throw error
      throw usageError(
        `--${name} is ${JSON.stringify(written)}`,
        'A tenant is named by letters, digits and . _ : @ -, beginning with a letter or digit.',
      )
    }
  },
)

/** For commands that read the log. */
export const allTenantsOption = flag('Of all tenants; each event then says whose it is')

/** Whose data a command is about. */
export interface TenantOptions {
  readonly tenant?: string | undefined
  readonly allTenants?: boolean
}

/** @throws CliError usage where both are given */
export function scopeOf({ tenant, allTenants = false }: TenantOptions): {
  readonly tenant?: string
  readonly allTenants?: true
} {
  if (!allTenants) return tenant === undefined ? {} : { tenant }
  if (tenant === undefined) return { allTenants }
  throw usageError('--tenant and --all-tenants exclude each other', 'Name one, or ask for all.')
}
