import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { shown } from '../app/load.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { watchSources } from './watch.ts'

/** By these the process that runs the app is told what it is. */
export const workerVariable = 'HEADWATER_DEV_WORKER'
export const changedVariable = 'HEADWATER_DEV_CHANGED'
export const stopMessage = 'stop'

/** Milliseconds that the app has to finish what it began. */
const patience = 10_000

export interface Supervision {
  /** What follows `headwater`. */
  readonly argv: readonly string[]
  /** Whose sources are watched. */
  readonly folder: string
  readonly terminal: Terminal
}

/**
 * Runs the app in a process of its own, and anew whenever a source changed: within a process, what was imported once
 * can't be forgotten.
 */
export async function supervise({ argv, folder, terminal }: Supervision): Promise<ExitCode> {
  const { signal } = terminal
  let changed: string | undefined
  let turn = new AbortController()
  const watching = watchSources(folder, (file) => {
    changed = shown(file)
    turn.abort()
  })
  try {
    while (!signal.aborted) {
      turn = new AbortController()
      const over = AbortSignal.any([turn.signal, signal])
      const worker = start(argv, changed)
      const code = await exitOrAbort(worker, over)
      if (code === undefined) await stop(worker)
      else {
        // A wrong command line gets no better by changing the app.
        if (code !== exitCodes.failed) return code
        terminal.note(terminal.noteStyle.dim(`Waiting for a change in ${shown(folder)} …`))
        await aborted(over)
      }
    }
    return exitCodes.ok
  } finally {
    watching.close()
  }
}

function start(argv: readonly string[], changed: string | undefined): ChildProcess {
  const [, script = ''] = process.argv
  return fork(script, [...argv], {
    env: {
      ...process.env,
      [workerVariable]: '1',
      ...(changed !== undefined && { [changedVariable]: changed }),
    },
  })
}

/** A message, not a signal: on a terminal Ctrl-C reaches the worker too, and a second signal would mean "at once". */
async function stop(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit')
  if (worker.exitCode !== null || worker.signalCode !== null) return
  if (worker.connected) worker.send(stopMessage)
  const timer = setTimeout(() => worker.kill('SIGKILL'), patience)
  await ended
  clearTimeout(timer)
}

/** Undefined: the signal came first. */
function exitOrAbort(worker: ChildProcess, signal: AbortSignal): Promise<ExitCode | undefined> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
    worker.once('exit', (code) =>
      resolve(Object.values(exitCodes).find((known) => known === code) ?? exitCodes.failed),
    )
    worker.once('error', reject)
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
