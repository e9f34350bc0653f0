import { createInterface, emitKeypressEvents, type Key } from 'node:readline'
import { createInterface as createQuestions } from 'node:readline/promises'

/** What a person or a script tells a command while it runs. */
export interface Keys {
  /** Whether somebody types them, who can try again. */
  readonly isTyped: boolean
  /** The next key where somebody types, the next line where it is a file or a pipe; undefined: there is no more. */
  next(): Promise<string | undefined>
  /** Asks for a line; undefined where nobody is there to be asked. */
  ask(question: string): Promise<string | undefined>
  /** Gives the terminal back. */
  close(): void
}

const controlC = '\u0003'

/** The keys of a terminal, without Enter; or the lines of what is piped in. */
export function openKeys(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream, signal: AbortSignal): Keys {
  return stdin.isTTY ? terminalKeys(stdin, stderr, signal) : pipedLines(stdin)
}

function pipedLines(stdin: NodeJS.ReadStream): Keys {
  const reader = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })
  const lines = reader[Symbol.asyncIterator]()
  return {
    isTyped: false,
    next: async () => {
      const line = await lines.next()
      return line.done === true ? undefined : line.value
    },
    ask: async () => undefined,
    close: () => reader.close(),
  }
}

function terminalKeys(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream, signal: AbortSignal): Keys {
  const typed: string[] = []
  let wake: (() => void) | undefined
  const onKey = (text: string | undefined, key: Key): void => {
    // In raw mode Ctrl-C is a key like any other.
    if (key.sequence === controlC) process.kill(process.pid, 'SIGINT')
    else typed.push(key.name ?? text ?? '')
    wake?.()
  }
  const listen = (): void => {
    stdin.setRawMode(true)
    stdin.on('keypress', onKey)
    stdin.resume()
  }
  const stop = (): void => {
    stdin.removeListener('keypress', onKey)
    stdin.setRawMode(false)
    stdin.pause()
  }
  emitKeypressEvents(stdin)
  listen()
  return {
    isTyped: true,
    next: async () => {
      while (typed.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
      }
      return typed.shift()
    },
    ask: async (question) => {
      stop()
      const questions = createQuestions({ input: stdin, output: stderr })
      try {
        return await questions.question(question, { signal })
      } finally {
        questions.close()
        listen()
      }
    },
    close: stop,
  }
}
