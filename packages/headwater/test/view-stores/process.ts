import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Place } from './places.ts'

/** When a process kills itself: at its n-th commit to the place of the views. */
export interface Death {
  readonly commit: number
  /** Before the commit is sent, when it is sent, or when it is done and nobody knows yet. */
  readonly when: 'before' | 'during' | 'after'
}

export interface Task {
  /** Of the log. */
  readonly db: string
  readonly place: Place
  /** `follow`: keeps the view up to date; `rebuild`: again and again, too; `write`: only sends commands. */
  readonly kind: 'follow' | 'rebuild' | 'write'
  readonly owner: string
  readonly death?: Death
}

/** What a process tells. */
export type Told =
  | { readonly kind: 'running' }
  | { readonly kind: 'switched'; readonly version: number }
  /** After its own deposit a writer has read so many of an account, at this position. */
  | { readonly kind: 'read'; readonly account: string; readonly deposits: number; readonly position: number }

export interface Running {
  readonly told: readonly Told[]
  /** Waits until it has told so many of a kind. */
  until(kind: Told['kind'], count?: number): Promise<void>
  /** By what it was ended. */
  readonly ended: Promise<NodeJS.Signals | number | null>
  kill(): Promise<void>
}

const script = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Starts a process, until the test ends. */
export function start(task: Task): Running {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@headwater/source', script, JSON.stringify(task)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  if (child.stdout === null) throw new Error('It has no output')
  const told: Told[] = []
  let heard = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(JSON.parse(line) as Told)
    heard.resolve()
    heard = Promise.withResolvers<void>()
  })
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const count = (kind: Told['kind']): number => told.filter((one) => one.kind === kind).length
  return {
    told,
    ended,
    kill,
    until: async (kind, expected = 1) => {
      while (count(kind) < expected) await Promise.race([heard.promise, ended.then((end) => fail(task, end))])
    },
  }
}

function fail({ owner }: Task, end: NodeJS.Signals | number | null): never {
  throw new Error(`${owner} has ended by itself: ${end}`)
}
