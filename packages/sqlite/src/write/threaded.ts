import { Worker } from 'node:worker_threads'
import { HeadwaterError } from '@headwater/core/errors'
import { asError } from '../errors.ts'
import type { Writer } from '../writer.ts'
import type { Arguments, Call, OperationName, Results } from './operations.ts'
import { packRequests, unpackResults } from './pack.ts'
import type { Answer, Answers, Question, Questions, ThreadData } from './protocol.ts'
import { errorFromWire } from './wire-error.ts'

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Writes in a thread of its own: this one only packs what it sends and unpacks what comes back. */
export class ThreadedWriter implements Writer {
  readonly #path: string
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #ready = Promise.withResolvers<void>()
  /** With the error, if the thread came to a bad end. */
  readonly #ended = Promise.withResolvers<Error | undefined>()
  #questions: Question[] = []
  #lastId = 0
  /** Resolved when the last call is answered, once no others come. */
  readonly #idle = Promise.withResolvers<void>()
  #isFinishing = false
  #closing: Promise<void> | undefined
  #failure: unknown

  constructor(data: ThreadData) {
    this.#path = data.path
    // The thread's module lies beside this one, as a source or as it was built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#worker = new Worker(new URL(`./thread.${extension}`, import.meta.url), {
      name: 'headwater-sqlite',
      workerData: data,
    })
    this.#worker.on('message', (answers: Answers) => this.#receive(answers))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('The thread that writes has ended')))
  }

  /** Resolves when the file is open. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  async perform<Name extends OperationName>(name: Name, ...args: Arguments[Name]): Promise<Results[Name]> {
    if (this.#isFinishing) throw new HeadwaterError('log.closed', `${this.#path} was closed`)
    if (this.#failure !== undefined) {
      throw new HeadwaterError('log.unavailable', `Nothing can be written to ${this.#path} any more`, {
        cause: this.#failure,
      })
    }
    return (await this.#ask({ name, args } as Call)) as Results[Name]
  }

  async finish(): Promise<void> {
    this.#isFinishing = true
    if (this.#pending.size > 0) await this.#idle.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.finish()
    if (this.#failure !== undefined) return
    this.#worker.ref()
    this.#post('close')
    const error = await this.#ended.promise
    await this.#worker.terminate()
    if (error !== undefined) throw error
  }

  #ask(call: Call): Promise<unknown> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    // The thread keeps the process alive only while somebody waits for it.
    if (this.#pending.size === 0) this.#worker.ref()
    this.#pending.set(id, { resolve, reject })
    // What is asked for in the same breath goes in one message.
    if (this.#questions.length === 0) queueMicrotask(() => this.#send())
    this.#questions.push(
      call.name === 'append' ? [id, 'append', packRequests(call.args[0])] : [id, 'other', call],
    )
    return promise
  }

  #send(): void {
    if (this.#questions.length === 0) return
    this.#post(this.#questions)
    this.#questions = []
  }

  #post(questions: Questions): void {
    this.#worker.postMessage(questions)
  }

  #receive(answers: Answers): void {
    if (answers === 'ready') {
      this.#worker.unref()
      this.#ready.resolve()
    } else if (answers === 'closed') {
      this.#ended.resolve(undefined)
    } else if ('failed' in answers) {
      this.#fail(errorFromWire(answers.failed))
    } else {
      for (const answer of answers) this.#settle(answer)
      if (this.#pending.size === 0) this.#rest()
    }
  }

  #settle([id, kind, content]: Answer): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (kind === 'failed') pending?.reject(errorFromWire(content))
    else pending?.resolve(kind === 'appended' ? unpackResults(content) : content)
  }

  #rest(): void {
    this.#worker.unref()
    if (this.#isFinishing) this.#idle.resolve()
  }

  /** The thread is gone. Whether it had committed what it was asked for, nobody can tell. */
  #fail(error: unknown): void {
    this.#failure ??= error
    this.#ready.reject(error)
    this.#ended.resolve(asError(error))
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    this.#rest()
    for (const { reject } of pending) {
      reject(new HeadwaterError('log.outcome-unknown', 'The thread that writes has ended', { cause: error }))
    }
  }
}
