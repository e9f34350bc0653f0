import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Entry
 * @property {string} page the name of the page, without its ending
 * @property {string} text a module that exports what the page is about
 */

/** What pages are called, where their name doesn't say it. @type {Record<string, string>} */
const titles = {
  message: 'Events and commands',
  decide: 'Aggregates and decisions',
  log: 'The log, and the ports of a store',
  handle: 'Executing commands',
  process: 'Subscriptions and processors',
  view: 'Views',
  catalog: 'The catalog',
  app: 'Apps, and running them',
  headwater: 'Databases, configuration, imports',
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
  gateway: 'HTTP gateway',
  'core-spec': 'Testing kit',
  'gateway-spec': 'Testing kit: HTTP',
  client: 'Client',
  conformance: 'Conformance of stores',
  'conformance-soak': 'Conformance of stores: soaks',
}

/** @param {string} page */
export function titleOf(page) {
  return titles[page] ?? page.charAt(0).toUpperCase() + page.slice(1).replaceAll('-', ' ')
}

/**
 * The entry points: a section of core's index each, then every other package by what it exports.
 *
 * @param {string} root the repository
 * @returns {Entry[]}
 */
export function entriesOf(root) {
  const core = sectionsOf(readFileSync(join(root, 'packages/core/src/index.ts'), 'utf8')).map(
    ({ name, text }) => ({ page: name, text: text.replaceAll("'./", "'../../../packages/core/src/") }),
  )
  return [...core, ...readdirSync(join(root, 'packages')).flatMap((name) => entriesOfPackage(root, name))]
}

/**
 * The exports of a module by the comment above them: `// log`.
 *
 * @param {string} source
 */
export function sectionsOf(source) {
  const [, ...parts] = source.split(/^\/\/ ([a-z-]+)$/m)
  return parts.flatMap((part, index) =>
    index % 2 === 0 ? [{ name: part, text: parts[index + 1] ?? '' }] : [],
  )
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {Entry[]}
 */
function entriesOfPackage(root, name) {
  // What people install passes on what others export, and what comes of its own is from the command line's package.
  if (name === 'headwater') return []
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = target['@headwater/source']
    // Core's index has pages of its own; what it exports beside it is the testing kit, and parts of the index.
    if (source === undefined || (name === 'core' && path !== './spec')) return []
    const page = [name === 'cli' ? 'headwater' : name, ...path.split('/').slice(1)].join('-')
    return [{ page, text: `export * from '../../../packages/${name}/${source.slice(2)}'\n` }]
  })
}
