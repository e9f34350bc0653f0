import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../../..')
const launcher = join(root, 'packages/headwater/bin/headwater.js')
const app = join(import.meta.dirname, 'bank-app.ts')
const longest = 15 * 60_000

/** Milliseconds from before `headwater serve` is started until `/readyz` says that it can serve. */
export async function untilReady(db: string): Promise<number> {
  const port = await freePort()
  const begin = performance.now()
  const child = start([launcher, 'serve', app, '--db', db, '--port', String(port)])
  try {
    while (!(await isReady(port, child))) {
      if (performance.now() - begin > longest) throw new Error('The server did not become ready')
      await sleep(2)
    }
    return performance.now() - begin
  } finally {
    await stop(child)
  }
}

/** Milliseconds that Node takes to start and to end with nothing to do. */
export async function nodeAlone(): Promise<number> {
  const begin = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - begin
}

function start(args: readonly string[]): ChildProcess {
  // In a checkout the launcher runs the sources; without the condition it would have to start Node twice.
  return spawn(process.execPath, ['--conditions=@headwater/source', ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

async function isReady(port: number, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`headwater serve ended with ${child.exitCode}`)
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    await answer.arrayBuffer()
    return answer.ok
  } catch (error) {
    // Nobody listens yet.
    if (error instanceof TypeError) return false
    throw error
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}
