import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AppendRequest, AppendResult, Log } from './port.ts'
import { Claims } from './claims.ts'
import { sizeOfStatements } from './sql.ts'
import type { CommandLog } from './store.ts'

export interface GroupCommitOptions {
  /** Requests that may wait; one more is refused with `log.overloaded`. Default 10,000. */
  readonly longestQueue?: number
  /** Bytes of payload that may wait. Default 128 MiB. */
  readonly largestQueue?: number
  /** Requests in one flush. Default 512. */
  readonly longestFlush?: number
  /** Bytes of payload in one flush, unless a single request holds more. Default 8 MiB. */
  readonly largestFlush?: number
}

interface Waiting {
  readonly request: AppendRequest
  readonly size: number
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
}

/** What a flush recorded, in the order of positions. */
export type FlushListener = (requests: readonly AppendRequest[], results: readonly AppendResult[]) => void

/**
 * Gathers the appends of all callers of this process: while one flush is under way the next one fills, so that one sync
 * to disk serves many. At most one request per stream goes into a flush, and none whose condition another one of the
 * flush could break: within a flush the order of checks and inserts then can't matter to any adapter.
 */
export class GroupCommit {
  readonly #log: Log
  readonly #commands: CommandLog
  readonly #onFlush: FlushListener
  readonly #limits: Required<GroupCommitOptions>
  #queue: Waiting[] = []
  #queuedBytes = 0
  #running: Promise<void> | undefined
  #closed = false

  constructor(log: Log, commands: CommandLog, onFlush: FlushListener, options: GroupCommitOptions = {}) {
    this.#log = log
    this.#commands = commands
    this.#onFlush = onFlush
    this.#limits = {
      longestQueue: options.longestQueue ?? 10_000,
      largestQueue: options.largestQueue ?? 128 * 1024 * 1024,
      longestFlush: options.longestFlush ?? 512,
      largestFlush: options.largestFlush ?? 8 * 1024 * 1024,
    }
  }

  /** Requests that wait for a flush. */
  get waiting(): number {
    return this.#queue.length
  }

  /** @throws HeadwaterError `log.overloaded`, `log.closed`, `log.busy`, `log.outcome-unknown` */
  append(request: AppendRequest): Promise<AppendResult> {
    if (this.#closed) return Promise.reject(new HeadwaterError('log.closed', 'The log is closed'))
    const size = sizeOf(request)
    if (
      this.#queue.length >= this.#limits.longestQueue ||
      this.#queuedBytes + size > this.#limits.largestQueue
    ) {
      const details = { waiting: this.#queue.length, bytes: this.#queuedBytes }
      return Promise.reject(
        new HeadwaterError('log.overloaded', `${this.#queue.length} appends are waiting`, { details }),
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<AppendResult>()
    this.#queue.push({ request, size, resolve, reject })
    this.#queuedBytes += size
    this.#running ??= this.#run()
    return promise
  }

  /** Refuses what comes from now on, and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    do {
      // One turn of the event loop, so that all callers who are ready get into this flush.
      await new Promise(setImmediate)
      await this.#flush(this.#take())
    } while (this.#queue.length > 0)
    this.#running = undefined
  }

  #take(): readonly Waiting[] {
    const flush: Waiting[] = []
    const later: Waiting[] = []
    const claims = new Claims()
    let bytes = 0
    for (const waiting of this.#queue) {
      const isFull =
        flush.length >= this.#limits.longestFlush ||
        (bytes + waiting.size > this.#limits.largestFlush && flush.length > 0)
      if (!isFull && claims.tryAdd(waiting.request)) {
        flush.push(waiting)
        bytes += waiting.size
      } else {
        // What comes later must not overtake it on its streams.
        claims.block(waiting.request)
        later.push(waiting)
      }
    }
    this.#queue = later
    this.#queuedBytes -= bytes
    return flush
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    const requests = batch.map((waiting) => waiting.request)
    let results: readonly AppendResult[]
    try {
      results = await this.#log.append(requests)
    } catch (error) {
      await this.#recover(batch, error)
      return
    }
    this.#onFlush(requests, results)
    batch.forEach((waiting, index) => {
      const result = results[index]
      if (result === undefined)
        waiting.reject(new HeadwaterError('log.outcome-unknown', 'The store gave no result'))
      else if (result.status === 'failed') waiting.reject(result.error)
      else waiting.resolve(result)
    })
  }

  async #recover(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (isHeadwaterError(error, 'log.outcome-unknown')) {
      await Promise.all(batch.map((waiting) => this.#resolveByCommand(waiting, error)))
    } else if (batch.length === 1 || isHeadwaterError(error)) {
      for (const waiting of batch) waiting.reject(error)
    } else {
      // One faulty request must not fail the others: halve until it stands alone.
      const half = batch.length >> 1
      await this.#flush(batch.slice(0, half))
      await this.#flush(batch.slice(half))
    }
  }

  /** Whether a commit that was cut off took place is told by its command row, never guessed. */
  async #resolveByCommand({ request, resolve, reject }: Waiting, error: HeadwaterError): Promise<void> {
    if (request.command === null) return reject(error)
    try {
      const row = await this.#commands.find(request.branch, request.tenant, request.commandId)
      if (row === undefined)
        reject(new HeadwaterError('log.outcome-unknown', error.message, { cause: error }))
      else resolve({ status: 'duplicate' })
    } catch (cause) {
      reject(new HeadwaterError('log.outcome-unknown', error.message, { cause }))
    }
  }
}

function sizeOf(request: AppendRequest): number {
  let size = request.command === null ? 0 : request.command.payload.length
  for (const { events } of request.streams) for (const { data } of events) size += data.length
  for (const { document } of request.documents) size += document?.length ?? 0
  if (request.statements !== undefined) size += sizeOfStatements(request.statements)
  return size
}
