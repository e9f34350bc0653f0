import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'
import { npm } from './run.mjs'

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }} Locked
 * @typedef {{ packages?: Record<string, Locked> }} Lock
 */

/**
 * Runs `npm install` if node_modules is missing or is not what package-lock.json asks for.
 *
 * @param {string} folder what has a package.json of its own; default: the repository
 */
export async function ensureInstalled(folder = inRoot()) {
  const reason = missing(
    readLock(join(folder, 'package-lock.json')),
    readLock(join(folder, 'node_modules', '.package-lock.json')),
  )
  if (!reason) return
  const where = folder === inRoot() ? '; the first time takes about a minute' : ` in ${folder}`
  console.error(`Installing dependencies (${reason})${where} …`)
  await install(folder)
}

/**
 * `npm install`, not `npm ci`: where a registry lacks the newest binaries of another platform `ci` fails.
 * Warnings are left out because on an old Node there is one for each package that wants a newer one, and
 * that is taken care of: see nodeBinary.
 */
export async function install(folder = inRoot()) {
  const code = await npm(['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
  if (code !== 0) throw new Error(`npm install ended with exit code ${code}`)
}

/** @param {string} path @returns {Lock | undefined} */
function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * What an installation lacks of a lock file, in words; undefined if nothing. npm writes what it installed in the
 * form of a lock file, so the two can be compared without a stamp of our own, and whoever ran npm by hand is done.
 *
 * @param {Lock | undefined} wanted
 * @param {Lock | undefined} installed
 * @returns {string | undefined}
 */
export function missing(wanted, installed) {
  if (!installed) return 'nothing is installed yet'
  for (const [path, entry] of Object.entries(wanted?.packages ?? {})) {
    const required = path.startsWith('node_modules/') && !entry.optional && !entry.devOptional && !entry.peer
    if (!required) continue
    const found = installed.packages?.[path]
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (!found) return `${name} is missing`
    if (found.version !== entry.version) return `${name} ${entry.version} replaces ${found.version}`
  }
  return undefined
}

/**
 * The Node that runs everything here: the one installed as a development dependency, whatever Node the machine
 * has; or the machine's, if that one will do and the other could not be installed.
 *
 * @returns {string} path of the executable
 */
export function nodeBinary() {
  const installed = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(installed)) return installed
  if (process.features.typescript && Number(process.versions.napi) >= 10) return process.execPath
  throw new Error(
    `Node ${process.version} is too old to run the sources, and ${installed} is missing. ` +
      'Install Node 24, or let npm run the install script of the package "node" (npm rebuild node).',
  )
}
