import type { Headwater } from '@headwater/core'
import { Gauge, type Registry } from 'prom-client'

/** The views, their versions and their rebuilds: asked when somebody looks. */
export function viewMetrics(headwater: Headwater, registers: Registry[]): () => Promise<void> {
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `headwater_view_${name}`, help, labelNames: ['view'], registers })
  const lagEvents = gauge('lag_events', 'Events that a view has yet to see.')
  const lagSeconds = gauge('lag_seconds', 'Age of the oldest event that a view has yet to see.')
  const version = gauge('version', 'The version that is read.')
  const changed = gauge(
    'code_changed',
    '1: the code would make other documents than those that are read; 0: it would not.',
  )
  const rebuilding = gauge('rebuilding', '1: another version is being built; 0: none is.')
  const position = gauge('rebuild_position', 'How far the version is that is being built.')
  const rate = gauge('rebuild_events_per_second', 'How fast it catches up.')
  const parked = gauge('rebuild_parked_events', 'Events that it could not fold, and those behind them.')
  return async () => {
    for (const one of [version, position, rate, parked]) one.reset()
    for (const view of await headwater.views()) {
      const labels = { view: view.name }
      lagEvents.set(labels, view.lag.events)
      lagSeconds.set(labels, view.lag.seconds)
      changed.set(labels, view.code === 'same' || view.code === null ? 0 : 1)
      rebuilding.set(labels, view.rebuild === null ? 0 : 1)
      if (view.version !== null) version.set(labels, view.version)
      if (view.rebuild === null) continue
      position.set(labels, view.rebuild.position)
      parked.set(labels, view.rebuild.parked)
      if (view.rebuild.rate !== null) rate.set(labels, view.rebuild.rate)
    }
  }
}
