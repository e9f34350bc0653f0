import { type Role, roles } from '@headwater/core'
import { isMemory } from '../app/database.ts'
import { findPages } from '../app/pages.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { exitCodes } from '../command/exit-code.ts'
import { flag, integer, list, parsed, text } from '../command/options.ts'
import { usualPort } from '../dev/port.ts'
import { startServer } from '../dev/server.ts'

/** What of an app a process runs, and short for several of them. */
const allRoles = ['gateway', ...roles]
const short: Readonly<Record<string, readonly string[]>> = {
  processors: ['views', 'subscriptions', 'snapshots'],
}
const changes = ['warn', 'rebuild', 'refuse'] as const

export const serve = command({
  name: 'serve',
  summary: 'Run an app in production: HTTP, views and subscriptions, logs as JSON on stderr',
  examples: [
    ['headwater serve --db /var/lib/shop/shop.db', 'everything in one process'],
    [
      'headwater serve --db postgres://shop@db.internal/shop',
      'on PostgreSQL; the password from PGPASSWORD or ~/.pgpass',
    ],
    ['headwater serve dist/app.js --host 0.0.0.0 --port 80 --allow-anonymous', 'beyond this machine'],
    [
      'headwater serve --roles gateway,images & headwater serve --roles processors --port 4001',
      'HTTP in one process, views and subscriptions in another',
    ],
  ],
  arguments: {
    app: {
      description: "A folder or a file; default: headwater.config.ts's, or this folder's",
      optional: true,
    },
  },
  options: {
    port: integer('<port>', `Default: $PORT, or ${usualPort}`, { max: 65_535 }),
    host: text('<host>', 'Where to listen; default: this machine only'),
    db: targetOptions.db,
    schema: targetOptions.schema,
    roles: list(
      '<roles>',
      `What this process does: ${allRoles.join(', ')}; processors for ${short['processors']?.join(', ')}; default: all`,
    ),
    onChangedView: parsed(
      '<what>',
      `When the code of a view has changed: ${changes.join(', ')}; default: warn`,
      (written, name) => {
        const known = changes.find((change) => change === written)
        if (known !== undefined) return known
        throw usageError(`--${name} is ${JSON.stringify(written)}`, `There are ${changes.join(', ')}.`)
      },
    ),
    allowAnonymous: flag('Listen beyond this machine although nobody is asked who they are'),
  },
  notes: [
    'SIGTERM and Ctrl-C stop it: requests that were taken are finished. /livez says that it runs, /readyz that it can serve,',
    '/metrics how it is doing, whatever its roles are. Several processes may serve one database.',
  ],
  run: async ({ args, options, terminal }) => {
    const chosen = rolesOf(options.roles)
    const { app, loaded, db, config } = await targetOf(
      { app: args.app, db: options.db, schema: options.schema },
      { make: true },
    )
    const { createLogger } = await import('../dev/logger.ts')
    const logger = createLogger(app.name)
    if (isMemory(db)) logger.warn('the database is in memory: everything is lost when this process ends')
    const pages = findPages(loaded.folder)
    const server = await startServer(app, {
      db,
      host: options.host ?? config.host ?? '127.0.0.1',
      port: options.port ?? config.port ?? portOfEnvironment() ?? usualPort,
      gateway: chosen.has('gateway'),
      roles: roles.filter((role: Role) => chosen.has(role)),
      onError: (error, source) => logger.error({ ...source, err: error }, 'failed'),
      http: {
        production: true,
        allowAnonymous: options.allowAnonymous,
        ...(pages !== undefined && { pages }),
      },
      onWarning: ({ code, message, remedy }) => logger.warn({ code, remedy }, message),
      onChangedView: options.onChangedView ?? 'warn',
    })
    logger.info(
      { db: server.headwater.store.name, url: server.url, studio: server.studio, roles: [...chosen] },
      'running',
    )
    await new Promise<void>((resolve) =>
      terminal.signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    logger.info('stopping')
    await server.close()
    logger.info('stopped')
    return exitCodes.ok
  },
})

function rolesOf(given: readonly string[] | undefined): ReadonlySet<string> {
  const chosen = (given ?? allRoles).flatMap((name) => short[name] ?? [name])
  const unknown = chosen.find((role) => !allRoles.includes(role))
  if (unknown !== undefined)
    throw usageError(
      `There is no role ${unknown}`,
      `There are ${[...allRoles, ...Object.keys(short)].join(', ')}.`,
    )
  return new Set(chosen)
}

function portOfEnvironment(): number | undefined {
  const port = Number(process.env['PORT'] || undefined)
  return Number.isInteger(port) ? port : undefined
}
