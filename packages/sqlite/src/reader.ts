import { HeadwaterError } from '@headwater/core/errors'
import { whenFree } from './busy.ts'
import type { Database } from './database.ts'
import { translated } from './errors.ts'
import { turnOver } from './turn.ts'

/** The connection that reads: it sees what is committed, and neither waits for writers nor holds them up. */
export class Reader {
  readonly database: Database
  readonly #path: string
  readonly #timeLimit: number
  #closed = false

  constructor(database: Database, path: string, timeLimit: number) {
    this.database = database
    this.#path = path
    this.#timeLimit = timeLimit
  }

  /** @throws HeadwaterError `log.closed`, `log.busy`, `log.unavailable` */
  async read<Result>(work: () => Result): Promise<Result> {
    const turn = turnOver()
    if (turn !== undefined) await turn
    const open = () => {
      if (this.#closed) throw new HeadwaterError('log.closed', `${this.#path} was closed`)
      return work()
    }
    try {
      return await whenFree(open, this.#path, this.#timeLimit)
    } catch (error) {
      throw translated(error, this.#path)
    }
  }

  close(): void {
    this.#closed = true
    this.database.close()
  }
}

/** The columns of a payload: text comes as text, bytes as plain bytes. */
export function encoded(value: string | Buffer): string | Uint8Array {
  return typeof value === 'string' ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
