import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'

/** The process itself, by the names that Prometheus’ clients agree on. Gives what ends the measuring. */
export function addProcessMetrics(registers: Registry[]): () => void {
  const loopDelay = monitorEventLoopDelay({ resolution: 10 })
  loopDelay.enable()
  const quantiles = [50, 90, 99]
  const delay = new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Delay of the event loop since the last scrape.',
    labelNames: ['quantile'],
    registers,
    collect() {
      for (const quantile of quantiles) {
        this.set(
          { quantile: quantile / 100 },
          loopDelay.count === 0 ? 0 : loopDelay.percentile(quantile) / 1e9,
        )
      }
      loopDelay.reset()
    },
  })
  delay.set({ quantile: 0.5 }, 0)
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  gauge('nodejs_heap_size_used_bytes', 'Used heap.', () => process.memoryUsage().heapUsed)
  gauge('process_start_time_seconds', 'Start of the process.', () =>
    Math.round(performance.timeOrigin / 1000),
  )
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time used.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  cpu.inc(0)
  return () => loopDelay.disable()
}
