import { beginSession } from '../time/debug/begin-session.ts'
import type { AroundReader } from '../time/debug/step-reader.ts'
import { PastReader } from '../time/past-reader.ts'
import type { ViewReader } from '../view/reader.ts'
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

/** The readers of an app read the past; another one is asked twice. */
function aroundOf(reader: ViewReader<unknown>): AroundReader {
  if (reader instanceof PastReader) return reader
  return {
    around: async (key, tenant, position) => {
      const at = async (moment: number) => (await reader.get(key, { tenant, at: moment }))?.doc ?? null
      return Promise.all([at(position - 1), at(position)])
    },
  }
}
