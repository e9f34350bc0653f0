import { forecast } from '../time/forecast/forecasting.ts'
import type { Headwater } from './headwater.ts'
import type { RuntimeParts } from './runtime-parts.ts'

/** Continues what the views of an app say, on main or on a branch. */
export function forecasts({
  registry,
  views,
  store,
  feed,
  now,
}: Pick<RuntimeParts, 'registry' | 'views' | 'store' | 'feed' | 'now'>): Headwater['forecast'] {
  return async (of, options) => {
    const name = typeof of === 'string' ? of : of.name
    // It says if there is none.
    views.reader(name)
    const view = registry.views.get(name)
    if (view === undefined) throw new Error(`View ${name} is read, and not there`)
    const source = { log: store.log, decode: feed.decode.bind(feed) }
    return forecast(view, source, now(), options)
  }
}
