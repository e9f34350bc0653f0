import { existsSync, realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Headwater's own repository, where this command line runs from its sources. */
export interface Checkout {
  /** The package `headwater`, from the folder that uses it. */
  readonly headwater: string
  /** The export condition by which its sources are found. */
  readonly condition: string
}

/** Undefined where Headwater is installed. */
export function checkoutOf(target: string): Checkout | undefined {
  const packages = fileURLToPath(new URL('../../../', import.meta.url))
  const found = `${packages}headwater${sep}package.json`
  if (packages.includes(`${sep}node_modules${sep}`) || !existsSync(found)) return undefined
  const headwater = relative(target, realpathSync(`${packages}headwater`)).replaceAll(sep, '/')
  return {
    headwater: headwater.startsWith('.') ? headwater : `./${headwater}`,
    condition: '@headwater/source',
  }
}
