import { aroundOf } from '../time/debug/around.ts'
import { beginSession } from '../time/debug/begin-session.ts'
import type { Headwater } from './headwater.ts'
import type { RuntimeParts } from './runtime-parts.ts'

type Parts = Pick<RuntimeParts, 'registry' | 'store' | 'feed' | 'past' | 'views' | 'reader'>

/** Begins debugging sessions on an app. */
export function debugSessions({ registry, store, feed, past, views, reader }: Parts): Headwater['debug'] {
  const { aggregates, subscriptions } = registry
  const parts = {
    aggregates,
    subscriptions,
    views: [...registry.views.values()],
    past,
    log: store.log,
    feed,
    reader: (view: string) => aroundOf(views.reader(view)),
    trace: async (id: string, tenant: string) => (await reader.trace(id, { tenant }))?.events,
  }
  return (options) => beginSession(parts, options)
}
