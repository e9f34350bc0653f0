import { checkHistory, type CheckedPage, type CheckOptions } from '../catalog/check.ts'
import type { Store } from '../log/store.ts'
import { jsonCodec } from '../message/codec.ts'
import type { App } from './definition.ts'
import { register } from './registry.ts'

/**
 * Reads recorded history against the schemas of an app, page by page; what doesn't fit is in the pages.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function checkApp(
  app: App,
  store: Store,
  options: Partial<CheckOptions> = {},
): AsyncGenerator<CheckedPage> {
  const { events, commands, aggregates } = register(app)
  const commandTypes = new Map([...commands].map(([name, { command }]) => [name, command]))
  return checkHistory(
    store,
    { events, commands: commandTypes, aggregates },
    { ...options, codec: options.codec ?? jsonCodec },
  )
}
