import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Task {
  readonly url: string
  readonly schema: string
  readonly version: 1 | 2
  readonly owner: string
  /** Milliseconds. */
  readonly leaseDuration?: number
  /** How many orders each of three lines places; 0: it only processes; undefined: until it is told to stop. */
  readonly orders?: number
  /** Milliseconds by which the process believes that it is later. */
  readonly clockShift?: number
}

export interface Worker {
  readonly child: ChildProcess
  /** What it told so far. */
  readonly lines: readonly string[]
  /** How many lines begin so. */
  count(beginning: string): number
  /** Resolves when it has ended. */
  readonly ended: Promise<number | null>
}

const script = fileURLToPath(new URL('./shop-worker.ts', import.meta.url))

/** Starts a process of the shop, until the test ends. */
export function start(task: Task): Worker {
  const child = spawn(process.execPath, ['--conditions=@headwater/source', script, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await ended
  })
  const count = (beginning: string): number => lines.filter((line) => line.startsWith(beginning)).length
  return { child, lines, count, ended }
}
