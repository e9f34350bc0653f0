import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isHeadwaterError, type Headwater } from '@headwater/core'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds: from what memory answers in to what a time limit ends. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What the gateway counts and measures, for Prometheus. */
export interface Metrics {
  readonly contentType: string
  /** The exposition text; asks the processors and the log how far they are. */
  text(): Promise<string>
  commandBegan(): void
  commandEnded(type: string, outcome: CommandOutcome, seconds: number): void
  eventAppended(type: string): void
  requestEnded(method: string, route: string, status: number, seconds: number): void
  failed(code: string): void
  streamOpened(): void
  streamClosed(): void
  eventsSent(count: number): void
  slowClientDropped(): void
  close(): void
}

/** `failed`: refused or gone wrong; the errors are counted by their codes. */
export type CommandOutcome = 'accepted' | 'rejected' | 'failed'

export function createMetrics(headwater: Headwater, onError: (error: unknown) => void): Metrics {
  const registers = [new Registry()]
  const [registry] = registers
  const commands = new Counter({
    name: 'headwater_commands_total',
    help: 'Commands by type and outcome.',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const commandTime = new Histogram({
    name: 'headwater_command_duration_seconds',
    help: 'Time from a command’s arrival to its outcome, the commit included.',
    labelNames: ['type'],
    buckets,
    registers,
  })
  const commandsInFlight = new Gauge({
    name: 'headwater_commands_in_flight',
    help: 'Commands whose outcome is awaited.',
    registers,
  })
  const events = new Counter({
    name: 'headwater_events_appended_total',
    help: 'Events recorded by commands of this gateway.',
    labelNames: ['type'],
    registers,
  })
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request’s arrival to the end of its answer.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets,
    registers,
  })
  const errors = new Counter({
    name: 'headwater_errors_total',
    help: 'Requests that ended in a problem, by its code; rejections by the domain are not among them.',
    labelNames: ['code'],
    registers,
  })
  const streams = new Gauge({
    name: 'headwater_event_streams',
    help: 'Clients following the log.',
    registers,
  })
  const sent = new Counter({
    name: 'headwater_event_stream_events_total',
    help: 'Events sent to them.',
    registers,
  })
  const dropped = new Counter({
    name: 'headwater_event_stream_clients_dropped_total',
    help: 'Clients dropped because they took nothing for too long.',
    registers,
  })
  const stopLoopDelay = addProcessMetrics(registers)
  const collect = addRuntimeMetrics(headwater, registers, onError)

  return {
    contentType: registry?.contentType ?? '',
    text: async () => {
      await collect()
      return (await registry?.metrics()) ?? ''
    },
    commandBegan: () => commandsInFlight.inc(),
    commandEnded: (type, outcome, seconds) => {
      commandsInFlight.dec()
      commands.inc({ type, outcome })
      commandTime.observe({ type }, seconds)
    },
    eventAppended: (type) => events.inc({ type }),
    requestEnded: (method, route, status, seconds) =>
      requests.observe(
        { http_request_method: method, http_route: route, http_response_status_code: status },
        seconds,
      ),
    failed: (code) => errors.inc({ code }),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    eventsSent: (count) => sent.inc(count),
    slowClientDropped: () => dropped.inc(),
    close: stopLoopDelay,
  }
}

/** The head of the log and the processors: asked when somebody looks. */
function addRuntimeMetrics(
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

/** The process itself, by the names that Prometheus’ clients agree on. */
function addProcessMetrics(registers: Registry[]): () => void {
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
