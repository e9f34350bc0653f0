import { HeadwaterError } from '@headwater/core/errors'
import { whenFree } from '../busy.ts'
import { translated } from '../errors.ts'
import { turnOver } from '../turn.ts'
import type { Writer } from '../writer.ts'
import type { Engine } from './engine.ts'
import type { Arguments, Call, OperationName, Results, Settled } from './operations.ts'

interface Waiting {
  readonly call: Call
  readonly settle: (settled: Settled) => void
}

/** So many calls share a transaction. */
const most = 32

/** Writes on the calling thread, one transaction at a time: what was asked for while one ran shares the next. */
export class SerialWriter implements Writer {
  readonly #engine: Engine
  readonly #path: string
  readonly #timeLimit: number
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #isFinishing = false
  #closing: Promise<void> | undefined

  constructor(engine: Engine, path: string, timeLimit: number) {
    this.#engine = engine
    this.#path = path
    this.#timeLimit = timeLimit
  }

  async perform<Name extends OperationName>(name: Name, ...args: Arguments[Name]): Promise<Results[Name]> {
    if (this.#isFinishing) throw new HeadwaterError('log.closed', `${this.#path} was closed`)
    const settled = await new Promise<Settled>((settle) => {
      this.#waiting.push({ call: { name, args } as Call, settle })
      this.#running ??= this.#run()
    })
    if ('error' in settled) throw translated(settled.error, this.#path)
    return settled.value as Results[Name]
  }

  async #run(): Promise<void> {
    // What is asked for in the same breath joins; and so does, now and then, what has come while the loop turned.
    await turnOver()
    for (;;) {
      const batch = this.#waiting.splice(0, most)
      const settled = await this.#transact(batch.map(({ call }) => call))
      batch.forEach(({ settle }, index) => {
        settle(settled[index] ?? { error: new Error('A call was not answered') })
      })
      if (this.#waiting.length === 0) break
      // The loop turns once, so that what has come by the network in the meantime can join, too.
      await new Promise(setImmediate)
    }
    this.#running = undefined
  }

  async #transact(calls: readonly Call[]): Promise<readonly Settled[]> {
    try {
      return await whenFree(
        () => {
          this.#engine.begin()
          return this.#engine.finish(calls)
        },
        this.#path,
        this.#timeLimit,
      )
    } catch (error) {
      return calls.map(() => ({ error }))
    }
  }

  async finish(): Promise<void> {
    this.#isFinishing = true
    await this.#running
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.finish()
    try {
      this.#engine.close()
    } catch (error) {
      throw translated(error, this.#path)
    }
  }
}
