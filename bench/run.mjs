// Starts a bench on the right Node, with the peers installed. Plain JavaScript: it must run on any Node.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const wanted = 24

const node = newEnoughNode()
installPeers()
const child = spawn(
  node,
  [
    '--conditions=@headwater/source',
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
    join(here, 'src/main.ts'),
  ].concat(process.argv.slice(2)),
  // Emmett's driver waits for locks on threads of this pool: with the usual four it would hold itself up sooner. Act's logs
  // what it does, between our figures.
  { stdio: 'inherit', env: { UV_THREADPOOL_SIZE: '64', LOG_LEVEL: 'error', ...process.env } },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))

function newEnoughNode() {
  if (Number(process.versions.node.split('.')[0]) >= wanted) return process.execPath
  const local = join(here, '../node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(local)) return local
  console.error(
    `The bench runs the TypeScript sources as they are and needs Node ${wanted} or newer; this is ${process.version}.`,
  )
  console.error('Run "npm install" in the repository first: it brings a Node of its own.')
  process.exit(1)
}

function installPeers() {
  const manifest = join(here, 'package.json')
  const stamp = join(here, 'node_modules/.package-lock.json')
  if (existsSync(stamp) && allInstalled(manifest)) return
  console.error(
    'Installing the peers in bench/ (once; where sqlite3 has no prebuilt binary it is compiled: minutes) …',
  )
  const environment = {
    ...process.env,
    PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  }
  const result = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here,
    env: environment,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    console.error('npm install in bench/ failed: without its peers there is nothing to compare with.')
    process.exit(1)
  }
}

/** The versions decide: a checkout touches files, so their age says nothing. */
function allInstalled(manifest) {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  return Object.entries(dependencies).every(([name, version]) => {
    const installed = join(here, 'node_modules', name, 'package.json')
    return existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === version
  })
}
