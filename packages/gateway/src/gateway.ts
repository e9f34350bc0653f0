import { randomBytes } from 'node:crypto'
import type { Headwater } from '@headwater/core'
import { type FastifyInstance, fastify as createFastify } from 'fastify'
import { amendmentRoutes } from './amendments.ts'
import { branchRoutes } from './branches.ts'
import { catalogRoutes } from './catalog.ts'
import { commandLogRoutes } from './command-log.ts'
import { commandRoutes } from './commands.ts'
import { debugRoutes } from './debug.ts'
import { drawingRoutes } from './drawings.ts'
import { errorPageRoute } from './error-page.ts'
import { EventStreams } from './event-streams.ts'
import { eventRoutes } from './events.ts'
import { externalRoutes } from './externals.ts'
import { answerBrokenRequest, fail, failureHandlers, routeTable } from './failures.ts'
import { healthRoutes } from './health.ts'
import { imageRoutes } from './images.ts'
import { limitBodies } from './limits.ts'
import { createMetrics } from './metrics/metrics.ts'
import { measureRequests, metricsRoute } from './metrics-route.ts'
import { type GatewayOptions, settingsOf } from './options.ts'
import { pageRoutes } from './pages.ts'
import { parkedRoutes } from './parked.ts'
import { processorRoutes } from './processors.ts'
import { queryRoutes } from './queries.ts'
import { reprocessingRoutes } from './reprocessing.ts'
import { reversalRoutes } from './reversals.ts'
import { replayRoutes } from './replays.ts'
import { ruleRoutes } from './rules.ts'
import { allowedHosts, allowOrigins, checkExposure, guard } from './security.ts'
import type { Serving } from './serving.ts'
import { snapshotRoutes } from './snapshots.ts'
import { SpareConnections, stop } from './stop.ts'
import { streamRoutes } from './streams.ts'
import { type StudioFallback, studioRoutes } from './studio.ts'
import { traceRoutes } from './trace.ts'
import { forecastRoutes } from './forecasts.ts'
import { predictionRoutes } from './predictions.ts'
import { viewVersionRoutes } from './view-versions.ts'
import { viewRoutes } from './views.ts'

/** Headwater over HTTP. */
export interface Gateway {
  /** For plugins, and for tests without a socket (`inject`). */
  readonly fastify: FastifyInstance
  /**
   * @param address `port` 0 (the default): a free one; `host`: 127.0.0.1 by default
   * @throws HeadwaterError `gateway.unprotected`
   */
  listen(address?: { readonly port?: number; readonly host?: string }): Promise<ListeningAt>
  /**
   * Stops taking requests, finishes those that run, ends event streams and closes. What it serves stays open: close
   * that next. A second call waits for the first.
   */
  close(): Promise<void>
}

export interface ListeningAt {
  readonly url: string
  readonly host: string
  readonly port: number
}

/** A name in a stream's or document's address may be as long as names are, each byte percent-encoded. */
const longestParameter = 3 * 512

/** Milliseconds in which a request has to be there, its body included. */
const requestTimeout = 60_000

/** Puts HTTP around a running app. Nothing is served before `listen`. */
export function createGateway(headwater: Headwater, options: GatewayOptions = {}): Gateway {
  const settings = settingsOf(options)
  const metrics = createMetrics(headwater, (error) => settings.onError(error, undefined))
  const serving: Serving = { headwater, settings, metrics, phase: 'serving' }
  const fastify = newFastify(serving)
  const hosts = allowedHosts(settings)
  const streams = new EventStreams(serving)
  const spare = new SpareConnections(fastify.server)

  const methodsOf = routeTable(fastify)
  guard(fastify, serving, hosts)
  measureRequests(fastify, serving)
  allowOrigins(fastify, settings)
  limitBodies(fastify, settings)
  const studio: StudioFallback | undefined =
    settings.studio === undefined ? undefined : studioRoutes(fastify, settings.studio)
  if (settings.pages !== undefined) pageRoutes(fastify, settings.pages)
  failureHandlers(fastify, serving, methodsOf, studio)
  if (settings.api) apiRoutes(fastify, serving, streams)
  healthRoutes(fastify, serving)
  metricsRoute(fastify, serving)
  errorPageRoute(fastify)

  let stopped: Promise<void> | undefined
  return {
    fastify,
    listen: async ({ port = 0, host = '127.0.0.1' } = {}) => {
      // What watches a process is told nothing of what it does.
      if (settings.api) checkExposure(host, settings)
      hosts.listeningOn(host)
      await fastify.listen({ port, host })
      return listeningAt(fastify, host)
    },
    close: () => {
      stopped ??= stop(fastify, serving, streams, spare)
      return stopped
    },
  }
}

/** All that an app is asked and told over HTTP. */
function apiRoutes(fastify: FastifyInstance, serving: Serving, streams: EventStreams): void {
  commandRoutes(fastify, serving)
  commandLogRoutes(fastify, serving)
  streamRoutes(fastify, serving)
  branchRoutes(fastify, serving)
  replayRoutes(fastify, serving)
  eventRoutes(fastify, serving, streams)
  traceRoutes(fastify, serving)
  amendmentRoutes(fastify, serving)
  reversalRoutes(fastify, serving)
  debugRoutes(fastify, serving)
  viewRoutes(fastify, serving)
  queryRoutes(fastify, serving)
  viewVersionRoutes(fastify, serving)
  forecastRoutes(fastify, serving)
  predictionRoutes(fastify, serving)
  processorRoutes(fastify, serving)
  parkedRoutes(fastify, serving)
  reprocessingRoutes(fastify, serving)
  ruleRoutes(fastify, serving)
  externalRoutes(fastify, serving)
  snapshotRoutes(fastify, serving)
  imageRoutes(fastify, serving)
  catalogRoutes(fastify, serving)
  drawingRoutes(fastify, serving)
}

function newFastify(serving: Serving): FastifyInstance {
  const { settings } = serving
  return createFastify({
    logger: false,
    bodyLimit: settings.bodyLimit,
    requestTimeout,
    return503OnClosing: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (error, request, reply) => void fail(serving, error, request, reply),
    clientErrorHandler: (error, socket) => answerBrokenRequest(settings, error, socket),
  })
}

/** Ids that tell apart what several processes and starts wrote to one log. */
function requestIds(): () => string {
  const start = randomBytes(4).toString('hex')
  let count = 0
  return () => `${start}-${++count}`
}

function listeningAt(fastify: FastifyInstance, host: string): ListeningAt {
  const address = fastify.server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The gateway listens on no port')
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${address.port}`, host, port: address.port }
}
