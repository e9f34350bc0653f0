// Which way imports may point. Type imports count: what a file's types need, its reader has to read first.
const { readFileSync } = require('node:fs')
const { join, posix } = require('node:path')

/** The folders of packages/core/src in the order in which data flows and in which they are read. */
const coreFolders = [
  'message',
  'decide',
  'log',
  'amend',
  'external',
  'handle',
  'process',
  'view',
  'image',
  'query',
  'saga',
  'outbox',
  'time',
  'catalog',
  'segment',
  'app',
  'migrate',
  'spec',
]

/** The packages, and which of the others each may import. */
const packages = {
  core: [],
  conformance: ['core'],
  sqlite: ['core'],
  sql: ['core'],
  postgres: ['core'],
  mariadb: ['core'],
  redis: ['core'],
  draw: ['core'],
  gateway: ['core', 'draw'],
  client: [],
  studio: ['client'],
  cli: ['core', 'sqlite', 'postgres', 'draw', 'gateway', 'client'],
  headwater: ['core', 'sqlite', 'sql', 'draw', 'gateway', 'client', 'cli'],
}

/** The sources behind what each package exports by name. */
const frontDoors = Object.keys(packages)
  .filter((name) => name !== 'studio')
  .flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(__dirname, 'packages', name, 'package.json'), 'utf8'))
    return Object.values(manifest.exports)
      .flatMap((target) => target['@headwater/source'] ?? [])
      .map((source) => posix.join('packages', name, source))
  })

/** What core may have of Node: nothing that reads or writes. Of `os` it takes the machine's name, for leases. */
const builtinsForCore = ['assert', 'async_hooks', 'buffer', 'crypto', 'events', 'os', 'perf_hooks', 'util']

/** @param {string[]} names */
const oneOf = (names) => `(?:${names.join('|')})`

const coreOrder = coreFolders.slice(0, -1).map((folder, index) => ({
  name: `core-${folder}-reads-downward`,
  comment: `core/src/${folder} comes before ${coreFolders.slice(index + 1).join(', ')} and may not import them`,
  severity: 'error',
  from: { path: `^packages/core/src/${folder}/` },
  to: { path: `^packages/core/src/${oneOf(coreFolders.slice(index + 1))}/` },
}))

const packageDirection = Object.entries(packages).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'itself'}`,
  comment: `packages/${name} may import ${allowed.join(', ') || 'no other package'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^(?:packages|examples|bench|scripts)/', pathNot: `^packages/${oneOf([name, ...allowed])}/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'unresolved',
      comment: 'an import that leads nowhere is one that no rule can judge',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...coreOrder,
    {
      name: 'core-folder-without-a-place',
      comment: 'a new folder of core gets its place in the order in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { path: '^packages/core/src/[^/]+/', pathNot: `^packages/core/src/${oneOf(coreFolders)}/` },
    },
    {
      name: 'core-folders-do-not-import-the-index',
      severity: 'error',
      from: { path: '^packages/core/src/[^/]+/' },
      to: { path: '^packages/core/src/[^/]+$' },
    },
    {
      name: 'core-does-no-io',
      comment: `of Node's modules core may import ${builtinsForCore.join(', ')}`,
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { dependencyTypes: ['core'], pathNot: `^(?:node:)?${oneOf(builtinsForCore)}$` },
    },
    {
      name: 'browser-safe',
      comment: 'client and studio run in browsers, which have none of the modules of Node',
      severity: 'error',
      from: { path: '^packages/(?:client|studio)/src/' },
      to: { dependencyTypes: ['core'] },
    },
    ...packageDirection,
    {
      name: 'by-the-front-door',
      comment: 'a package is imported by its name, and gives what the exports in its package.json name',
      severity: 'error',
      from: { path: '^(?:packages|examples)/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: ['^packages/$1/', `^${oneOf(frontDoors.map((path) => path.replaceAll('.', '\\.')))}$`],
      },
    },
    {
      name: 'examples-use-what-users-install',
      severity: 'error',
      from: { path: '^examples/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: '^packages/headwater/' },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '(?:/test/|\\.test\\.tsx?$)' },
    },
    {
      name: 'declared-dependencies',
      comment: 'what a published source imports stands in the dependencies of its own package.json',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: ['\\.test\\.tsx?$', '^packages/studio/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // TypeScript 7 has no API that dependency-cruiser could parse with; swc has, and sees type imports.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)(?:node_modules/\\.|dist/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@headwater/source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
