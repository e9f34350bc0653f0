import type { Gateway, GatewayOptions } from '@headwater/gateway'
import type { App, Headwater, OpenOptions } from '@headwater/core'
import { open } from '../app/open.ts'
import { findStudio } from '../app/studio.ts'
import { CliError } from '../command/cli-error.ts'

export interface ServerOptions {
  readonly db: string
  readonly host: string
  readonly port: number
  /** Whether to answer over HTTP. */
  readonly gateway: boolean
  /** Whether to run views and subscriptions. */
  readonly processors: boolean
  readonly onError: NonNullable<OpenOptions['onError']>
  readonly http: GatewayOptions
}

/** A running app with what makes it a server. */
export interface Server {
  readonly headwater: Headwater
  /** Where it answers; undefined without a gateway. */
  readonly url: string | undefined
  /** Whether Studio is served. */
  readonly studio: boolean
  /** Finishes what was begun, then closes. */
  close(): Promise<void>
}

/** @throws HeadwaterError `gateway.unprotected` and what `open` throws; CliError `cli.port-in-use` */
export async function startServer(app: App, options: ServerOptions): Promise<Server> {
  const headwater = await open(app, {
    db: options.db,
    processors: options.processors,
    onError: options.onError,
  })
  let gateway: Gateway | undefined
  const close = async () => {
    await gateway?.close()
    await headwater.close()
  }
  try {
    if (!options.gateway) return { headwater, url: undefined, studio: false, close }
    const { createGateway } = await import('@headwater/gateway')
    const studio = findStudio()
    gateway = createGateway(headwater, {
      ...options.http,
      onError: (error, request) =>
        options.onError(
          error,
          request === undefined ? {} : { subscription: `${request.method} ${request.url}` },
        ),
      ...(studio !== undefined && { studio }),
    })
    const { url } = await gateway.listen({ port: options.port, host: options.host })
    return { headwater, url, studio: studio !== undefined, close }
  } catch (error) {
    await close()
    throw isPortInUse(error) ? portInUse(options.port, error) : error
  }
}

export function portInUse(port: number, cause?: unknown): CliError {
  return new CliError('cli.port-in-use', `Another program listens on port ${port}`, { exit: 'failed', cause })
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
