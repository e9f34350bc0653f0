import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { StreamOrder } from '../data/streams.ts'

/** A server in a process of its own. */
export interface Server {
  readonly address: string
  /** CPU time used so far, in microseconds. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

export interface LoadRequest {
  readonly address: string
  readonly connections: number
  readonly seconds: number
  readonly streams: StreamOrder
}

export interface LoadAnswer {
  readonly perSecond: number
  readonly accepted: number
  readonly refused: number
  readonly errors: number
}

export async function startServer(file: string, ...args: string[]): Promise<Server> {
  const child = start(file, args)
  const { address } = (await answerOf(child)) as { address: string }
  return {
    address,
    cpu: async () => {
      child.send('cpu')
      return ((await answerOf(child)) as { cpu: number }).cpu
    },
    stop: () => stop(child, () => child.send('stop')),
  }
}

/** The process that makes the requests. */
export interface LoadClient {
  fire(request: LoadRequest): Promise<LoadAnswer>
  stop(): Promise<void>
}

export function startLoadClient(): LoadClient {
  const child = start('load-client.ts', [])
  return {
    fire: async (request) => {
      child.send(request)
      return (await answerOf(child)) as LoadAnswer
    },
    stop: () => stop(child, () => child.disconnect()),
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, file), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

/** The child's next message; rejects if it ends instead. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: unknown) => {
      child.off('exit', onExit)
      resolve(answer)
    }
    const onExit = (code: number | null) => {
      child.off('message', onMessage)
      reject(new Error(`A process of the HTTP bench ended with code ${code}`))
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
  })
}

async function stop(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  ask()
  await exited
}
