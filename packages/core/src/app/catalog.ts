import { buildCatalog } from '../catalog/build.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { App } from './definition.ts'
import { register } from './registry.ts'

/**
 * The catalog of an app, which need not run for that.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function catalogOf(app: App): Catalog {
  return buildCatalog(app.name, app.contexts, register(app).rules)
}
