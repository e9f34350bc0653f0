import { HeadwaterError } from '@headwater/core/errors'
import { Redis } from 'ioredis'

/** What Redis is given: text and bytes. */
export type Argument = string | number | Buffer

const longestPause = 2_000

/** One connection, made when it is first needed, and again when it was lost. */
export class Connection {
  readonly #name: string
  readonly #redis: Redis
  #isClosed = false
  /** Why there is no connection. */
  #failure: unknown

  constructor(name: string, url: string, timeLimit: number) {
    this.#name = name
    this.#redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: timeLimit,
      commandTimeout: timeLimit,
      // One more try when the connection breaks: who asks tries again by itself, and should hear of it.
      maxRetriesPerRequest: 1,
      retryStrategy: (attempt) => Math.min(100 * attempt, longestPause),
    })
    // It is told to who asks; without a listener it would end the process.
    this.#redis.on('error', (error: unknown) => {
      this.#failure = error
    })
  }

  /** Its answer, of which text comes as bytes. @throws HeadwaterError `log.closed`, `view.store-unavailable`, `view.store-refused` */
  async ask(command: string, ...given: readonly Argument[]): Promise<unknown> {
    if (this.#isClosed) throw new HeadwaterError('log.closed', `${this.#name} is closed`)
    try {
      return await this.#redis.callBuffer(command, ...given)
    } catch (error) {
      throw this.#translated(error)
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#redis.disconnect()
  }

  #translated(error: unknown): HeadwaterError {
    const text = error instanceof Error ? error.message : String(error)
    // What Redis itself answers is about the command, except for these.
    const isAnswer = error instanceof Error && error.name === 'ReplyError'
    const isUnavailable =
      !isAnswer ||
      /^(?:LOADING|NOAUTH|WRONGPASS|NOPERM|READONLY|MASTERDOWN|MISCONF|BUSY|CLUSTERDOWN|TRYAGAIN|OOM)/.test(
        text,
      )
    const why = isAnswer || !(this.#failure instanceof Error) ? text : `${text} (${this.#failure.message})`
    return new HeadwaterError(
      isUnavailable ? 'view.store-unavailable' : 'view.store-refused',
      `${this.#name}: ${why}`,
      { cause: error },
    )
  }
}

/** An answer of several values. */
export function list(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : []
}

/** An answer of text or bytes; undefined: there is none. */
export function buffer(answer: unknown): Buffer | undefined {
  if (Buffer.isBuffer(answer)) return answer
  return typeof answer === 'string' || typeof answer === 'number' ? Buffer.from(String(answer)) : undefined
}

export function text(answer: unknown): string | undefined {
  return buffer(answer)?.toString('utf8')
}
