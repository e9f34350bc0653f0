import { FollowedHistory, type HistorySource } from '../../amend/followed-history.ts'
import { Weaver } from '../../amend/overlay.ts'
import { valueAt } from '../../log/filter.ts'
import { mainBranch } from '../../log/port.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { requireKnown, versionsOf } from '../../message/versions.ts'
import { Turns } from '../../process/turns.ts'
import { keysOf, searching } from '../../view/refold.ts'
import type { View } from '../../view/view.ts'
import type { Periods } from './periods.ts'
import { Timeline } from './timeline.ts'

/** So many documents as they stood are held at once. */
const mostVersions = 200_000

export interface SeriesQuery {
  readonly view: View
  readonly tenant: string
  /** Undefined: all of them. */
  readonly key: string | undefined
  readonly field: string
  readonly periods: Periods
  /** The last one that counts. */
  readonly last: number
}

export interface Series {
  /** The number of the first period. */
  readonly first: number
  /** How the field stood at the end of each, from the first one in which there was something. */
  readonly values: readonly number[]
}

/**
 * How a number in a view's documents stood at the ends of periods, from one pass over the events.
 *
 * @throws HeadwaterError `forecast.not-numeric`, `forecast.too-large`, `event.newer-version`
 */
export async function seriesOf(source: HistorySource, query: SeriesQuery): Promise<Series | undefined> {
  const timelines = await timelinesOf(source, query)
  const changes = new Map<number, number>()
  for (const [key, { versions }] of timelines) {
    let before = 0
    for (const { period, document } of versions) {
      const value = document === null ? 0 : numberAt(document, query, key)
      changes.set(period, (changes.get(period) ?? 0) + value - before)
      before = value
    }
  }
  if (changes.size === 0) return undefined
  const first = changes.keys().reduce((least, period) => Math.min(least, period), query.last)
  let value = 0
  const values = Array.from({ length: query.last - first + 1 }, (_, index) => {
    value += changes.get(first + index) ?? 0
    return value
  })
  return { first, values }
}

async function timelinesOf(
  source: HistorySource,
  { view, tenant, key, periods, last }: SeriesQuery,
): Promise<ReadonlyMap<string, Timeline>> {
  const versions = versionsOf(view.events)
  const history = new FollowedHistory(source, versions.keys())
  await history.begin(0)
  const weaver = new Weaver(history.overlay)
  const turns = new Turns(10)
  const timelines = new Map<string, Timeline>()
  const wanted = { tenant, keys: new Set(key === undefined ? [] : [key]) }
  const { position } = await source.log.head(mainBranch)
  const end = periods.startOf(last + 1)
  let held = 0
  const types = history.overlay.recordedTypes(versions.keys())
  for await (const { rows, scannedTo } of searching(view, source).pages(wanted, position, types)) {
    for (const { row } of weaver.weave(rows, scannedTo)) {
      if (row.tenant !== tenant || !versions.has(row.type) || row.occurredAt >= end) continue
      requireKnown(versions, row, `View ${view.name}`)
      const event = source.decode(row)
      for (const own of keysOf(view, event)) {
        if (key !== undefined && own !== key) continue
        const timeline = timelines.get(own) ?? new Timeline(view, own)
        timelines.set(own, timeline)
        held -= timeline.versions.length
        timeline.take(event, periods.indexOf(row.occurredAt))
        held += timeline.versions.length
      }
    }
    if (held > mostVersions)
      throw new HeadwaterError(
        'forecast.too-large',
        `View ${view.name} has more than ${mostVersions} documents at the ends of these periods`,
      )
    await turns.take()
  }
  return timelines
}

function numberAt(document: unknown, { view, field }: SeriesQuery, key: string): number {
  const value = valueAt(document, field)
  if (typeof value === 'number') return value
  throw new HeadwaterError(
    'forecast.not-numeric',
    `${field} is no number in the document ${JSON.stringify(key)} of view ${view.name}`,
    { details: { view: view.name, key, field } },
  )
}
