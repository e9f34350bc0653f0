import { isMemory } from '../app/open.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { exitCodes } from '../command/exit-code.ts'
import { flag, integer, list, text } from '../command/options.ts'
import { usualPort } from '../dev/port.ts'
import { startServer } from '../dev/server.ts'

const roles = ['gateway', 'processors'] as const

export const serve = command({
  name: 'serve',
  summary: 'Run an app in production: HTTP, views and subscriptions, logs as JSON on stderr',
  examples: [
    ['headwater serve --db /var/lib/shop/shop.db', 'everything in one process'],
    ['headwater serve dist/app.js --host 0.0.0.0 --port 80 --allow-anonymous', 'beyond this machine'],
    [
      'headwater serve --roles gateway & headwater serve --roles processors',
      'HTTP in one process, views in another',
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
    roles: list('<roles>', `What this process does: ${roles.join(', ')}; default: all`),
    allowAnonymous: flag('Listen beyond this machine although nobody is asked who they are'),
  },
  notes: [
    'SIGTERM and Ctrl-C stop it: requests that were taken are finished. /livez says that it runs, /readyz that it can serve,',
    '/metrics how it is doing. Several processes may serve one database.',
  ],
  run: async ({ args, options, terminal }) => {
    const chosen = rolesOf(options.roles)
    const { app, db, config } = await targetOf({ app: args.app, db: options.db }, { make: true })
    const { createLogger } = await import('../dev/logger.ts')
    const logger = createLogger(app.name)
    if (isMemory(db)) logger.warn('the database is in memory: everything is lost when this process ends')
    const server = await startServer(app, {
      db,
      host: options.host ?? config.host ?? '127.0.0.1',
      port: options.port ?? config.port ?? portOfEnvironment() ?? usualPort,
      gateway: chosen.has('gateway'),
      processors: chosen.has('processors'),
      onError: (error, source) => logger.error({ ...source, err: error }, 'failed'),
      http: { production: true, allowAnonymous: options.allowAnonymous },
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
  const chosen = new Set<string>(given ?? roles)
  for (const role of chosen) {
    if (!roles.some((known) => known === role))
      throw usageError(`There is no role ${role}`, `There are ${roles.join(', ')}.`)
  }
  return chosen
}

function portOfEnvironment(): number | undefined {
  const port = Number(process.env['PORT'] || undefined)
  return Number.isInteger(port) ? port : undefined
}
