import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * @typedef {object} Service something that tests need and that npm can't install
 * @property {string} name
 * @property {string} variable where tests look for it; unset means that they skip
 * @property {string | undefined} found
 * @property {string} advice how to get it
 */

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macBrowsers = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** @returns {Service[]} */
export function services() {
  return [
    {
      name: 'Chromium',
      variable: 'HEADWATER_CHROMIUM',
      found: process.env.HEADWATER_CHROMIUM ?? onPath(browsers) ?? macBrowsers.find(isExecutable),
      advice:
        'install chromium (Debian, Ubuntu: apt-get install chromium) or set HEADWATER_CHROMIUM to its path',
    },
    {
      name: 'PostgreSQL',
      variable: 'HEADWATER_POSTGRES',
      found:
        process.env.HEADWATER_POSTGRES ??
        (listens(5432) ? 'postgres://postgres@127.0.0.1:5432/postgres' : undefined),
      advice:
        'start PostgreSQL on 127.0.0.1:5432, or set HEADWATER_POSTGRES to the URL of a user who may create databases',
    },
    {
      name: 'MariaDB',
      variable: 'HEADWATER_MARIADB',
      found:
        process.env.HEADWATER_MARIADB ?? (listens(3306) ? 'mariadb://root@127.0.0.1:3306/mysql' : undefined),
      advice:
        'start MariaDB or MySQL on 127.0.0.1:3306, or set HEADWATER_MARIADB to the URL of a user who may create databases',
    },
    {
      name: 'Redis',
      variable: 'HEADWATER_REDIS',
      found: process.env.HEADWATER_REDIS ?? (listens(6379) ? 'redis://127.0.0.1:6379' : undefined),
      advice: 'start Redis on 127.0.0.1:6379, or set HEADWATER_REDIS to its URL',
    },
  ]
}

/** In continuous integration a service that is not there fails the tests, where it otherwise skips some. */
export const servicesRequired = process.env.HEADWATER_REQUIRE_SERVICES === '1' || process.env.CI === 'true'

/**
 * The environment in which tests find the services, and learn whether they may do without.
 *
 * @throws if one is missing that has to be there
 * @returns {Record<string, string>}
 */
export function serviceEnvironment() {
  /** @type {Record<string, string>} */
  const environment = servicesRequired ? { HEADWATER_REQUIRE_SERVICES: '1' } : {}
  for (const { name, variable, found, advice } of services()) {
    if (found) environment[variable] = found
    else if (servicesRequired) throw new Error(`The tests need ${name}: ${advice}`)
  }
  return environment
}

/**
 * Whether something on this machine takes connections at a port. Asked by another process, since this one can't wait.
 *
 * @param {number} port
 */
function listens(port) {
  const ask = `require('node:net').connect(${port}, '127.0.0.1').once('connect', () => process.exit(0)).once('error', () => process.exit(1))`
  return spawnSync(process.execPath, ['-e', ask], { timeout: 5_000 }).status === 0
}

/** @param {string[]} names */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
