import { isHeadwaterError, roles, type Headwater } from '@headwater/core'
import { Counter, Gauge, type Registry } from 'prom-client'
import { externalMetrics } from './externals.ts'
import { viewMetrics } from './views.ts'

/** The head of the log and the processors: asked when somebody looks. */
export function addRuntimeMetrics(
  headwater: Headwater,
  registers: Registry[],
  onError: (error: unknown) => void,
): () => Promise<void> {
  const labelNames = ['processor', 'kind']
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, labelNames, registers })
  const head = new Gauge({
    name: 'headwater_log_head_position',
    help: 'The last position of the log.',
    registers,
  })
  const lagEvents = gauge('headwater_processor_lag_events', 'Events that a processor has yet to see.')
  const lagSeconds = gauge(
    'headwater_processor_lag_seconds',
    'Age of the oldest event that a processor has yet to see.',
  )
  const parked = gauge(
    'headwater_processor_parked_events',
    'Events parked after their retries, and those behind them.',
  )
  const running = gauge(
    'headwater_processor_up',
    '1: it runs here, or stands by for another process; 0: it does not.',
  )
  const paused = gauge('headwater_processor_paused', '1: an operator wants it to stand still.')
  const partitions = gauge('headwater_processor_partitions', 'Into how many parts its keys are divided.')
  const unowned = gauge('headwater_processor_unowned_partitions', 'Partitions that no process has.')
  const snapshots = new Counter({
    name: 'headwater_snapshots_total',
    help: 'Snapshots of streams by what became of them: taken, used, outdated, untrusted, skipped, failed.',
    labelNames: ['aggregate', 'outcome'],
    registers,
  })
  const imageGauge = (name: string, help: string): Gauge =>
    new Gauge({ name, help, labelNames: ['image'], registers })
  const imageLag = imageGauge('headwater_image_lag_events', 'Positions that a memory image has yet to see.')
  const imageEntries = imageGauge('headwater_image_entries', 'Entries that a memory image holds.')
  const imageUp = imageGauge('headwater_image_up', '1: it is there and follows the log; 0: it is not.')
  const role = new Gauge({
    name: 'headwater_role',
    help: '1: this process has the role.',
    labelNames: ['role'],
    registers,
  })
  for (const name of roles) role.set({ role: name }, headwater.roles.has(name) ? 1 : 0)
  const collectExternals = externalMetrics(headwater, registers)
  const collectViews = viewMetrics(headwater, registers)
  const failed = new Counter({
    name: 'headwater_scrape_errors_total',
    help: 'Figures that could not be had, by code.',
    labelNames: ['code'],
    registers,
  })
  const attempt = async (read: () => Promise<void>): Promise<void> => {
    try {
      await read()
    } catch (error) {
      failed.inc({ code: isHeadwaterError(error) ? error.code : 'request.failed' })
      onError(error)
    }
  }
  return async () => {
    await attempt(async () => head.set((await headwater.head()).position))
    for (const { name: image, status, lag, entries } of headwater.images()) {
      imageLag.set({ image }, lag.events)
      imageEntries.set({ image }, entries)
      imageUp.set({ image }, status === 'ready' ? 1 : 0)
    }
    collectExternals()
    snapshots.reset()
    for (const {
      aggregate,
      every: _every,
      at: _at,
      error: _error,
      ...counts
    } of headwater.snapshots.summaries())
      for (const [outcome, count] of Object.entries(counts)) snapshots.inc({ aggregate, outcome }, count)
    await attempt(collectViews)
    for (const processor of headwater.processors) {
      await attempt(async () => {
        const summary = await processor.summary()
        const labels = { processor: summary.name, kind: summary.kind }
        lagEvents.set(labels, summary.lag.events)
        lagSeconds.set(labels, summary.lag.seconds)
        parked.set(labels, summary.parked)
        paused.set(labels, summary.paused === undefined ? 0 : 1)
        partitions.set(labels, summary.partitions.length)
        unowned.set(labels, summary.partitions.filter(({ owner }) => owner === null).length)
        running.set(labels, summary.status === 'running' || summary.status === 'standby' ? 1 : 0)
      })
    }
  }
}
