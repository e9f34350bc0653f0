import { isHeadwaterError } from '../message/errors.ts'
import type { Lineages, Segment } from './lineage.ts'
import {
  isAsExpected,
  type AppendCondition,
  type AppendRequest,
  type AppendResult,
  type Log,
  type StreamAppend,
} from './port.ts'
import { Recent } from './recent.ts'
import type { CommandLog } from './store.ts'

/** A request that can be given to the store, or how it is refused, once those before it are recorded. */
export type Prepared =
  | { readonly request: AppendRequest }
  | { readonly refuse: () => AppendResult | Promise<AppendResult> }

const capacity = 10_000

/** What branches have of their parents. It never changes, so it is asked for outside of any transaction, and kept. */
export class Past {
  readonly #log: Log
  readonly #commands: CommandLog
  readonly #lineages: Lineages
  readonly #revisions = new Recent<number>(capacity)

  constructor(log: Log, commands: CommandLog, lineages: Lineages) {
    this.#log = log
    this.#commands = commands
    this.#lineages = lineages
  }

  /** The revision that a stream has at the end of a branch's past. */
  async revision(past: readonly Segment[], tenant: string, stream: string): Promise<number> {
    const last = past.at(-1)
    if (last === undefined) return 0
    const key = `${last.branch}/${last.to}/${tenant}\u0000${stream}`
    const known = this.#revisions.get(key)
    if (known !== undefined) return known
    const { branch, to } = last
    const end = { after: Number.MAX_SAFE_INTEGER, limit: 1 }
    const page = await this.#log.readStream({ branch, tenant, stream, to, ...end })
    const revision =
      page.revision > 0 ? page.revision : await this.revision(past.slice(0, -1), tenant, stream)
    this.#revisions.set(key, revision)
    return revision
  }

  /** Checks of a request what concerns the past, and completes it by what its streams come with. */
  async prepare(request: AppendRequest): Promise<Prepared> {
    let past: readonly Segment[]
    try {
      past = (await this.#lineages.of(request.branch)).segments.slice(0, -1)
    } catch (error) {
      if (!isHeadwaterError(error, 'branch.unknown')) throw error
      return { refuse: () => ({ status: 'failed', error }) }
    }
    if (await this.#isRepeated(past, request)) return { refuse: () => ({ status: 'duplicate' }) }
    const base = past.at(-1)?.to ?? 0
    const conditions: AppendCondition[] = []
    for (const condition of request.conditions) {
      const broken = await this.#firstMatch(past, request.tenant, condition)
      if (broken !== undefined) return { refuse: () => this.#refusal(past, request, broken) }
      conditions.push({ ...condition, after: Math.max(condition.after, base) })
    }
    const streams: StreamAppend[] = []
    for (const part of request.streams)
      streams.push({ ...part, inherited: await this.revision(past, request.tenant, part.stream) })
    return { request: { ...request, streams, conditions } }
  }

  async #isRepeated(
    past: readonly Segment[],
    { tenant, commandId, command }: AppendRequest,
  ): Promise<boolean> {
    if (command === null) return false
    for (const { branch, sequence } of past) {
      const row = await this.#commands.find(branch, tenant, commandId)
      if (row !== undefined && row.sequence <= sequence) return true
    }
    return false
  }

  /** The position of an event of the past that a condition excludes. */
  async #firstMatch(
    past: readonly Segment[],
    tenant: string,
    { query, after }: AppendCondition,
  ): Promise<number | undefined> {
    let scannedTo = after
    for (const { branch, to } of past) {
      while (scannedTo < to) {
        const page = await this.#log.read({ branch, tenant, after: scannedTo, to, query, limit: 1 })
        const [found] = page.events
        if (found !== undefined) return found.position
        if (page.scannedTo <= scannedTo) break
        scannedTo = page.scannedTo
      }
    }
    return undefined
  }

  /** As a store would say it that sees all of the history: a repeat first, then the stream that moved. */
  async #refusal(past: readonly Segment[], request: AppendRequest, position: number): Promise<AppendResult> {
    const { branch, tenant, commandId, command, streams } = request
    if (command !== null && (await this.#commands.find(branch, tenant, commandId)) !== undefined)
      return { status: 'duplicate' }
    for (const { stream, expected } of streams) {
      const end = { after: Number.MAX_SAFE_INTEGER, limit: 1 }
      const { revision } = await this.#log.readStream({ branch, tenant, stream, ...end })
      const actual = Math.max(revision, await this.revision(past, tenant, stream))
      if (!isAsExpected(expected, actual)) return { status: 'conflict', stream, expected, actual }
    }
    return { status: 'condition-failed', position }
  }
}
