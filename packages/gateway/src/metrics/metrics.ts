import type { Headwater } from '@headwater/core'
import { Counter, Gauge, Registry } from 'prom-client'
import { Histogram, Tally } from './hot.ts'
import { addProcessMetrics } from './process.ts'
import { addRuntimeMetrics } from './runtime.ts'

/** What the gateway counts and measures, for Prometheus. */
export interface Metrics {
  readonly contentType: string
  /** The exposition text; asks the processors and the log how far they are. */
  text(): Promise<string>
  commandBegan(): void
  commandEnded(type: string, outcome: CommandOutcome, seconds: number): void
  queryEnded(name: string, outcome: 'answered' | 'failed', seconds: number): void
  eventAppended(type: string): void
  requestEnded(method: string, route: string, status: number, seconds: number): void
  failed(code: string): void
  streamOpened(): void
  streamClosed(): void
  eventSent(): void
  slowClientDropped(): void
  close(): void
}

/** `failed`: refused or gone wrong; the errors are counted by their codes. */
export type CommandOutcome = 'accepted' | 'rejected' | 'failed'

export function createMetrics(headwater: Headwater, onError: (error: unknown) => void): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const commands = new Tally('headwater_commands_total', 'Commands by type and outcome.', ['type', 'outcome'])
  const commandTime = new Histogram(
    'headwater_command_duration_seconds',
    'Time from a command’s arrival to its outcome, the commit included.',
    ['type'],
  )
  const queries = new Tally('headwater_queries_total', 'Queries by name and outcome.', ['query', 'outcome'])
  const queryTime = new Histogram(
    'headwater_query_duration_seconds',
    'Time from a query’s arrival to its answer, its waiting included.',
    ['query'],
  )
  const events = new Tally(
    'headwater_events_appended_total',
    'Events recorded by commands of this gateway.',
    ['type'],
  )
  const requests = new Histogram(
    'http_server_request_duration_seconds',
    'Time from a request’s arrival to the end of its answer.',
    ['http_request_method', 'http_route', 'http_response_status_code'],
  )
  const errors = new Tally(
    'headwater_errors_total',
    'Requests that ended in a problem, by its code; rejections by the domain are not among them.',
    ['code'],
  )
  const commandsInFlight = new Gauge({
    name: 'headwater_commands_in_flight',
    help: 'Commands whose outcome is awaited.',
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
  const stopProcessMetrics = addProcessMetrics(registers)
  const collect = addRuntimeMetrics(headwater, registers, onError)

  return {
    contentType: registry.contentType,
    text: async () => {
      await collect()
      const hot = [commands, commandTime, queries, queryTime, events, requests, errors].map((family) =>
        family.text(),
      )
      return [...hot, await registry.metrics()].join('\n')
    },
    commandBegan: () => commandsInFlight.inc(),
    commandEnded: (type, outcome, seconds) => {
      commandsInFlight.dec()
      commands.of(type, outcome).count += 1
      commandTime.of(type).observe(seconds)
    },
    queryEnded: (name, outcome, seconds) => {
      queries.of(name, outcome).count += 1
      queryTime.of(name).observe(seconds)
    },
    eventAppended: (type) => {
      events.of(type).count += 1
    },
    requestEnded: (method, route, status, seconds) => requests.of(method, route, status).observe(seconds),
    failed: (code) => {
      errors.of(code).count += 1
    },
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    eventSent: () => sent.inc(),
    slowClientDropped: () => dropped.inc(),
    close: stopProcessMetrics,
  }
}
