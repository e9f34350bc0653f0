import { flag } from '../command/options.ts'
import type { EventsQuery } from './source.ts'

/** For commands that print events. */
export const asRecorded = flag(
  'With the data and the version that were recorded, not those of today’s schema',
)

export function shownAs(options: { readonly asRecorded: boolean }): EventsQuery['as'] {
  return options.asRecorded ? 'recorded' : undefined
}
