import { readConfig } from '../app/config.ts'
import { findApp } from '../app/find.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { command } from '../command/command.ts'
import { flag, integer, text } from '../command/options.ts'
import { freePort, usualPort } from '../dev/port.ts'
import { supervise, workerVariable } from '../dev/supervisor.ts'
import { projectOf } from '../dev/watch.ts'

const { db, schema } = targetOptions

export const dev = command({
  name: 'dev',
  summary: 'Run an app while it is being written: embedded database, HTTP, Studio, restart on change',
  examples: [
    ['headwater dev', 'the app of this folder'],
    ['headwater dev examples/shop --traffic --open', 'with simulated traffic, and Studio in the browser'],
    ['headwater dev src/app.ts --port 5000 --db memory:', 'a file, a port, nothing kept'],
  ],
  arguments: {
    app: {
      description: "A folder or a file; default: headwater.config.ts's, or this folder's",
      optional: true,
    },
  },
  options: {
    port: integer('<port>', `Default: ${usualPort}, or the next that is free`, { max: 65_535 }),
    host: text('<host>', 'Where to listen; default: this machine only'),
    db,
    schema,
    traffic: flag("Simulate traffic, as the app's traffic.ts describes it"),
    trafficRate: integer('<n>', 'Commands a second', { min: 1, max: 10_000, default: 4 }),
    trafficSeed: text('<seed>', 'The same seed makes the same traffic; default: another one each time'),
    open: flag('Open Studio in the browser'),
    watch: flag('Start again when a source changed', { default: true }),
  },
  run: async ({ args, options, terminal }) => {
    const config = await readConfig()
    const host = options.host ?? config.host ?? '127.0.0.1'
    if (options.watch && process.env[workerVariable] === undefined) {
      // The app itself is loaded by the worker only: it may be broken now, and sound after the next change.
      const file = findApp(args.app ?? config.app ?? '.')
      const port = await freePort(host, options.port ?? config.port)
      // Of an option that stands twice, the last one counts.
      const argv = [...process.argv.slice(2), '--port', String(port), '--host', host]
      return supervise({ argv, folder: projectOf(file), terminal })
    }
    const { loaded, db: database } = await targetOf(
      { app: args.app, db: options.db, schema: options.schema },
      { make: true },
    )
    const port = options.watch
      ? (options.port ?? usualPort)
      : await freePort(host, options.port ?? config.port)
    const { runDev } = await import('../dev/worker.ts')
    return runDev({
      loaded,
      db: database,
      host,
      port,
      traffic: options.traffic,
      rate: options.trafficRate,
      seed: options.trafficSeed,
      openBrowser: options.open,
      watches: options.watch,
      terminal,
    })
  },
})
