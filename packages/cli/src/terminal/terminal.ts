import { text } from 'node:stream/consumers'
import { type Keys, openKeys } from './keys.ts'
import { type Progress, type ProgressOptions, startProgress } from './progress.ts'
import { type Style, styleFor } from './style.ts'

/** Data goes to stdout, everything else to stderr. */
export interface Terminal {
  /** A line, or several, of data. Resolves when the reader has kept up. @throws OutputClosed */
  print(lines: string): Promise<void>
  /** A message. */
  note(message: string): void
  /** A message that should not be overlooked. */
  warn(message: string): void
  /** Begins to tell how far something has come; shown only if it takes more than a second. */
  progress(label: string, options?: ProgressOptions): Progress
  /** All of stdin. */
  input(): Promise<string>
  /** Stdin while the command runs: keys, or lines. */
  keys(): Keys
  /** For data. */
  readonly style: Style
  /** For messages. */
  readonly noteStyle: Style
  /** Columns that a line of data may have; undefined where it isn't a person who reads. */
  readonly width: number | undefined
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal
}

/** Nobody reads the output any more (`headwater read | head`): an end, not a failure. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** The terminal of this process. */
export function processTerminal(): Terminal & { release(): void } {
  const { stdout, stderr, stdin } = process
  const interrupted = new AbortController()
  let closed = false
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    closed = true
    interrupted.abort(new OutputClosed())
  }
  const onSignal = (signal: NodeJS.Signals) => {
    // The first asks, the second insists.
    if (interrupted.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143)
    interrupted.abort(new Error(signal))
  }
  stdout.on('error', onOutputError)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)

  const note = (message: string) => void stderr.write(`${message}\n`)
  const noteStyle = styleFor(stderr)
  return {
    async print(lines) {
      if (closed) throw new OutputClosed()
      if (!stdout.write(`${lines}\n`)) await drained(stdout, interrupted.signal)
      if (closed) throw new OutputClosed()
    },
    note,
    warn: (message) => note(`${noteStyle.warning('!')} ${message}`),
    progress: (label, options) => startProgress(stderr, label, options),
    input: () => text(stdin),
    keys: () => openKeys(stdin, stderr, interrupted.signal),
    style: styleFor(stdout),
    noteStyle,
    width: stdout.isTTY ? stdout.columns : undefined,
    signal: interrupted.signal,
    release() {
      for (const signal of signals) process.removeListener(signal, onSignal)
    },
  }
}

function drained(stream: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    stream.once('drain', done)
    signal.addEventListener('abort', done)
  })
}
