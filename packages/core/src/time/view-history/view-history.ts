import { codeHash } from '../../message/code-hash.ts'
import { isHeadwaterError } from '../../message/errors.ts'
import type { Moment } from '../../message/moment.ts'
import { mainBranch } from '../../log/port.ts'
import type { ProcessorPlan } from '../../process/plan.ts'
import { ProcessorRunner, type RunnerParts } from '../../process/runner.ts'
import type { Fence } from '../../process/work.ts'
import type { ReadOptions, ViewItem } from '../../view/reader.ts'
import type { View } from '../../view/view.ts'
import { AmendedKeys } from './amended-keys.ts'
import { HistoryWork, pageSize } from './history-work.ts'
import { type Limit, type PastDocument, PastDocuments } from './past-documents.ts'
import { StoredHistory } from './stored-history.ts'

/** Milliseconds to wait for the index at most: the first time it is made of the whole log. */
const usualTimeLimit = 60_000
/** Milliseconds to wait for it where there is another way. */
const patience = 1_000
/** So many events are read in some ten milliseconds. */
const shortLog = 5_000

/**
 * The history of a view's documents: which events each key had, and how its document stood from time to time. It is indexed
 * from the first time on that somebody asks for the past, by a processor of its own, which costs the view and the appends
 * nothing before that.
 */
export class ViewHistory {
  readonly past: PastDocuments
  readonly #view: View
  readonly #stored: StoredHistory
  readonly #amended: AmendedKeys
  readonly #parts: RunnerParts
  readonly #plan: ProcessorPlan
  #runner: Promise<ProcessorRunner> | undefined

  /** @param rulesHash another one for other dated rules, which make other documents */
  constructor(view: View, rulesHash: string, parts: RunnerParts) {
    const { store, feed, codec } = parts
    const name = `${view.name}~${codeHash('history 1', view.code, rulesHash)}`
    this.#view = view
    this.#parts = parts
    const stored = new StoredHistory(view, name, store.documents, codec)
    this.#stored = stored
    this.past = new PastDocuments(view, stored, store.log, feed)
    this.#amended = new AmendedKeys(view, store.log, feed.decode.bind(feed))
    const nothing = { processor: name, branch: mainBranch, checkpoint: undefined, park: [], unpark: [] }
    this.#plan = {
      name,
      kind: 'view',
      events: view.events,
      start: 'beginning',
      partitions: 1,
      pageSize,
      keysOf: (event) => view.keysOf(event),
      workOn: () =>
        new HistoryWork({
          view,
          stored,
          past: this.past,
          commitAhead: (fence: Fence, documents) =>
            store.progress.commit({ ...nothing, ...fence, documents }),
        }),
    }
  }

  /** Whether it is indexed already, here or elsewhere. */
  async hasBegun(): Promise<boolean> {
    return (await this.#parts.store.progress.checkpoint(this.#plan.name, mainBranch)) !== undefined
  }

  /** Whether it knows of amendments: a document that goes on from another one, or shows amendments, is folded as a whole. */
  get knowsAmendments(): boolean {
    return this.#view.continues === undefined && this.#view.showsEverything !== true
  }

  /**
   * How documents stood, where that is known without waiting for long; undefined: it isn't. The log up to there is indexed
   * from now on, unless it is so short that reading it is as quick.
   */
  async pastTo(position: number): Promise<PastDocuments | undefined> {
    if (!this.knowsAmendments) return undefined
    const hasBegun = await this.hasBegun()
    if (!hasBegun && position < shortLog) return undefined
    const runner = await this.run()
    if (!hasBegun) return undefined
    try {
      await runner.waitFor(position, { timeLimit: patience })
      return this.past
    } catch (error) {
      if (isHeadwaterError(error, 'view.wait-timeout')) return undefined
      throw error
    }
  }

  /** Begins to index, or goes on, in this process: another one that does already is stood by. */
  run(): Promise<ProcessorRunner> {
    this.#runner ??= this.#begin()
    return this.#runner
  }

  async stop(): Promise<void> {
    const [begun] = await Promise.allSettled([this.#runner])
    if (begun.status === 'fulfilled') await begun.value?.stop()
  }

  /** Waits until everything up to a position is indexed. @throws HeadwaterError `view.wait-timeout` */
  async reach(position: number, { timeLimit = usualTimeLimit, signal }: ReadOptions = {}): Promise<void> {
    const runner = await this.run()
    await runner.waitFor(position, { timeLimit, ...(signal && { signal }) })
  }

  /**
   * A document as of a moment; undefined: there was none.
   *
   * @throws HeadwaterError `view.wait-timeout`, `event.newer-version`
   */
  async find(
    tenant: string,
    key: string,
    at: Moment,
    options?: ReadOptions,
  ): Promise<ViewItem<unknown> | undefined> {
    const limit = await this.#limit(at, options)
    const { document, shows } = await this.#as(tenant, key, limit)
    return document === null ? undefined : { key, doc: document, position: shows }
  }

  /**
   * A document right before and right after the event at a position, which concerns it; null: there was none.
   *
   * @throws HeadwaterError `view.wait-timeout`, `event.newer-version`
   */
  async around(tenant: string, key: string, position: number): Promise<readonly [unknown, unknown]> {
    await this.reach(position)
    const before = await this.#as(tenant, key, { position: position - 1 })
    const isAmended = (await this.#amended.of(tenant, key, position)).length > 0
    const after = isAmended
      ? await this.#as(tenant, key, { position })
      : await this.past.fold(tenant, key, before, [position], { position })
    return [before.document, after.document]
  }

  /** As amendments have it that were known by then. */
  async #as(tenant: string, key: string, limit: Limit): Promise<PastDocument> {
    const touches = await this.#amended.of(tenant, key, limit.position)
    if (touches.length === 0) return this.past.find(tenant, key, limit)
    return this.past.amended(tenant, key, limit, touches, this.#amended.overlay(touches))
  }

  async #limit(at: Moment, options?: ReadOptions): Promise<Limit> {
    if (typeof at === 'number') {
      await this.reach(at, options)
      return { position: at }
    }
    const { position } = await this.#parts.store.log.head(mainBranch)
    await this.reach(position, options)
    return { position, time: at.getTime() }
  }

  async #begin(): Promise<ProcessorRunner> {
    try {
      await this.#stored.define()
      const runner = new ProcessorRunner(this.#plan, this.#parts)
      runner.run()
      return runner
    } catch (error) {
      // Whoever asks next tries again.
      this.#runner = undefined
      throw error
    }
  }
}
