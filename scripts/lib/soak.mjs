import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeBinary } from './install.mjs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { serviceEnvironment } from './services.mjs'

/**
 * The stores that can be soaked: the module with which a process opens one, and what it is given. A database is made for
 * each soak, and dropped in the end.
 *
 * @type {Record<string, { module: string, prepare: (folder: string) => Promise<{ given: string[], end: () => Promise<void> }> }>}
 */
export const soakStores = {
  sqlite: {
    module: 'packages/sqlite/test/store-in-process.ts',
    prepare: async (folder) => ({ given: [folder], end: async () => undefined }),
  },
  postgres: { module: 'packages/postgres/test/store-in-process.ts', prepare: newPostgresDatabase },
}

/**
 * @typedef {object} SoakOptions
 * @property {string} minutes
 * @property {string} seed
 * @property {string} [processes]
 * @property {string | undefined} [folder] where processes write down what they do
 * @property {boolean} [json]
 * @property {string} [report] a file for the report as JSON
 */

/**
 * Soaks a store in a process of its own.
 *
 * @param {string} store
 * @param {SoakOptions} options
 * @returns {Promise<number>} 0: nothing was found
 */
export async function soakStore(store, options) {
  const subject = soakStores[store]
  if (subject === undefined) throw new Error(`There is no store ${store}`)
  const data = mkdtempSync(join(tmpdir(), 'headwater-soak-data-'))
  const { given, end } = await subject.prepare(data)
  try {
    return await inProcess(store, inRoot(subject.module), given, options)
  } finally {
    await end()
    rmSync(data, { recursive: true, force: true })
  }
}

/**
 * Soaks a store as a step of continuous integration does: each kind of violation that was looked for counts as one.
 *
 * @param {string} store
 * @param {string} minutes
 * @returns {Promise<import('./report.mjs').Counts>}
 */
export async function soakCounts(store, minutes) {
  const report = inRoot('.reports', `soak-${store}.json`)
  mkdirSync(inRoot('.reports'), { recursive: true })
  rmSync(report, { force: true })
  const code = await soakStore(store, { minutes, seed: Date.now().toString(36), report })
  return countsOf(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code)
}

/**
 * @param {{ counts: Record<string, number>, findingKinds: string[] } | undefined} report undefined: it did not come so far
 * @param {number} exitCode
 * @returns {import('./report.mjs').Counts}
 */
export function countsOf(report, exitCode) {
  const found = Object.keys(report?.counts ?? {}).length
  return {
    passed: (report?.findingKinds.length ?? 0) - found,
    failed: exitCode === 0 ? found : Math.max(found, 1),
    skipped: 0,
  }
}

/**
 * @param {string} store
 * @param {string} module
 * @param {string[]} ofStore what the module's functions are given
 * @param {SoakOptions} options
 */
function inProcess(store, module, ofStore, { minutes, seed, processes = '4', folder, json = false, report }) {
  const options = ['--minutes', minutes, '--seed', seed, '--processes', processes]
  if (folder !== undefined) options.push('--folder', folder)
  if (json) options.push('--json')
  if (report !== undefined) options.push('--report', report)
  const again = `npm run soak -- --store ${store} --minutes ${minutes} --processes ${processes}`
  const main = inRoot('packages/conformance/src/soak/main.ts')
  const opened = ['--module', module, ...ofStore.flatMap((argument) => ['--argument', argument])]
  const given = ['--conditions=@headwater/source', main, ...opened, ...options, '--again', again]
  return run(nodeBinary(), given, { env: serviceEnvironment() })
}

/** A database of its own, so that all connections to it are ours. */
async function newPostgresDatabase() {
  const url = serviceEnvironment().HEADWATER_POSTGRES
  if (url === undefined)
    throw new Error('There is no PostgreSQL: start it, or set HEADWATER_POSTGRES to its URL')
  const name = `headwater_soak_${Date.now().toString(36)}`
  await administer(url, `CREATE DATABASE ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return { given: [own.href], end: () => administer(url, `DROP DATABASE ${name} WITH (FORCE)`) }
}

/** @param {string} connectionString @param {string} statement */
async function administer(connectionString, statement) {
  // Only here: continuous integration imports this file before anything is installed.
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
