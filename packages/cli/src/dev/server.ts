import type { Gateway, GatewayOptions } from '@headwater/gateway'
import type { App, Headwater, OpenOptions, Role } from '@headwater/core'
import { open } from '../app/open.ts'
import { findStudio } from '../app/studio.ts'
import { CliError } from '../command/cli-error.ts'

export interface ServerOptions {
  readonly db: string
  readonly host: string
  readonly port: number
  /** Whether to answer over HTTP; otherwise only to what watches the process. */
  readonly gateway: boolean
  /** What to do for the app beside answering. */
  readonly roles: readonly Role[]
  readonly onError: NonNullable<OpenOptions['onError']>
  readonly onWarning: NonNullable<OpenOptions['onWarning']>
  readonly onChangedView: NonNullable<OpenOptions['onChangedView']>
  /** Milliseconds for which a version of a view that was replaced is kept. */
  readonly viewGrace?: number
  readonly http: GatewayOptions
}

/** A running app with what makes it a server. */
export interface Server {
  readonly headwater: Headwater
  /** Where it answers. */
  readonly url: string
  /** Whether Studio is served. */
  readonly studio: boolean
  /** Finishes what was begun, then closes. */
  close(): Promise<void>
}

/** @throws HeadwaterError `gateway.unprotected` and what `open` throws; CliError `cli.port-in-use` */
export async function startServer(app: App, options: ServerOptions): Promise<Server> {
  const headwater = await open(app, {
    db: options.db,
    roles: options.roles,
    onError: options.onError,
    onWarning: options.onWarning,
    onChangedView: options.onChangedView,
    ...(options.viewGrace !== undefined && { viewGrace: options.viewGrace }),
  })
  let gateway: Gateway | undefined
  const close = async () => {
    await gateway?.close()
    await headwater.close()
  }
  try {
    const { createGateway } = await import('@headwater/gateway')
    const studio = options.gateway ? findStudio() : undefined
    gateway = createGateway(headwater, {
      ...options.http,
      api: options.gateway,
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
