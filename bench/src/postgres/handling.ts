import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What a process that handles events says: that it is ready, then when it had each event, by the machine's clock. */
export type HandlingMessage = 'ready' | Handled

export interface Handled {
  readonly position: number
  /** Milliseconds of `machineNow`. */
  readonly at: number
}

/** Who handled an event first, and when. */
export interface FirstHandled {
  readonly process: HandlingProcess
  readonly at: number
}

/** Which events were handled, as several processes tell: each is remembered until it is asked for. */
export class HandledEvents {
  readonly #events = new Map<number, FirstHandled>()
  readonly #waiting = new Map<number, (first: FirstHandled) => void>()

  add(position: number, first: FirstHandled): void {
    const waiting = this.#waiting.get(position)
    this.#waiting.delete(position)
    if (waiting !== undefined) waiting(first)
    else if (!this.#events.has(position)) this.#events.set(position, first)
  }

  /** Who handles the event first, once it is handled. */
  async take(position: number): Promise<FirstHandled> {
    const known = this.#events.get(position)
    this.#events.delete(position)
    return known ?? new Promise((resolve) => this.#waiting.set(position, resolve))
  }
}

/** A process that handles events. */
export class HandlingProcess {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts a module that says `HandlingMessage`s; resolves when it is ready. */
  static async start(
    module: string,
    args: readonly string[],
    events: HandledEvents,
  ): Promise<HandlingProcess> {
    const child = fork(module, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const handling = new HandlingProcess(child)
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${module} ended before it was ready`)))
      child.on('message', (message: HandlingMessage) => {
        if (message === 'ready') resolve()
        else events.add(message.position, { process: handling, at: message.at })
      })
    })
    return handling
  }

  /** Without a chance to say good-bye. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
