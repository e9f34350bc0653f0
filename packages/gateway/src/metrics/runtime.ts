import { isHeadwaterError, type Headwater } from '@headwater/core'
import { Counter, Gauge, type Registry } from 'prom-client'

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
    for (const processor of headwater.processors) {
      await attempt(async () => {
        const summary = await processor.summary()
        const labels = { processor: summary.name, kind: summary.kind }
        lagEvents.set(labels, summary.lag.events)
        lagSeconds.set(labels, summary.lag.seconds)
        parked.set(labels, summary.parked)
        running.set(labels, summary.status === 'running' || summary.status === 'standby' ? 1 : 0)
      })
    }
  }
}
