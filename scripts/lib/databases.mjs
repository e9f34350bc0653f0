import { setTimeout as sleep } from 'node:timers/promises'
import { aptGet } from './apt.mjs'
import { run } from './run.mjs'
import { services } from './services.mjs'

/**
 * How the databases that tests talk to are installed and started on Debian. Redis keeps nothing on disk here.
 *
 * @type {readonly { variable: string, package: string, start: readonly [command: string, ...args: string[]] }[]}
 */
const databases = [
  {
    variable: 'HEADWATER_POSTGRES',
    package: 'postgresql',
    // Debian names its clusters by version; one that runs already is no fault.
    start: [
      'sh',
      '-c',
      'pg_ctlcluster --skip-systemctl-redirect "$(ls /etc/postgresql | tail -1)" main start',
    ],
  },
  {
    variable: 'HEADWATER_MARIADB',
    package: 'mariadb-server',
    start: ['start-stop-daemon', '--start', '--oknodo', '--background', '--exec', '/usr/sbin/mariadbd'],
  },
  {
    variable: 'HEADWATER_REDIS',
    package: 'redis-server',
    start: ['redis-server', '--daemonize', 'yes', '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  },
]

const patience = 30_000
const pause = 500

/** Starts the databases that don't run, and installs those that aren't there. @returns {Promise<number>} an exit code */
export async function ensureDatabases() {
  for (const database of databases) {
    if (found(database.variable)) continue
    console.error(`${database.package} does not answer: starting it …`)
    if (await started(database)) continue
    await aptGet(['update'])
    await aptGet(['install', '--yes', '--no-install-recommends', database.package])
    if (!(await started(database))) return 1
  }
  return 0
}

/** @param {string} variable */
function found(variable) {
  return services().some((service) => service.variable === variable && service.found !== undefined)
}

/** @param {(typeof databases)[number]} database */
async function started({ variable, start: [command, ...args] }) {
  const code = await run(command, args).catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })
  // Whether it answers counts: an installation may have started it by itself.
  const end = Date.now() + (code === 0 ? patience : 2 * pause)
  while (!found(variable)) {
    if (Date.now() > end) return false
    await sleep(pause)
  }
  return true
}
