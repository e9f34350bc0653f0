import { HeadwaterError } from '../../message/errors.ts'
import type { RunnerParts } from '../../process/runner.ts'
import type { ViewReader } from '../../view/reader.ts'
import type { View } from '../../view/view.ts'
import { FirstAmendment } from '../first-amendment.ts'
import { PastReader } from '../past-reader.ts'
import { ViewMoments } from '../view-moments.ts'
import { ViewHistory } from './view-history.ts'

/** The histories of all views of an app that have documents. */
export class ViewHistories {
  readonly #histories: ReadonlyMap<string, ViewHistory>
  readonly #moments: ViewMoments
  readonly #amendments: FirstAmendment
  readonly #parts: RunnerParts

  /** @param rulesHash of the dated rules by which the views are folded */
  constructor(views: Iterable<View>, rulesHash: string, parts: RunnerParts) {
    this.#parts = parts
    this.#moments = new ViewMoments(parts)
    this.#amendments = new FirstAmendment(parts.store.log)
    this.#histories = new Map(
      [...views]
        .filter(({ sql }) => sql === undefined)
        .map((view) => [view.name, new ViewHistory(view, rulesHash, parts)]),
    )
  }

  /** Undefined: the view isn't there, or is kept in tables. */
  find(view: string): ViewHistory | undefined {
    return this.#histories.get(view)
  }

  /** @throws HeadwaterError `view.unknown` for a view that isn't there, or is kept in tables */
  of(view: string): ViewHistory {
    const history = this.#histories.get(view)
    if (history !== undefined) return history
    throw new HeadwaterError('view.unknown', `No view named ${view} has documents`, { details: { view } })
  }

  /** Reads a view of now by another reader, and of the past. */
  reader(view: View, now: ViewReader<unknown>): ViewReader<unknown> {
    const history = this.#histories.get(view.name)
    if (history === undefined) return now
    const { store, feed } = this.#parts
    const amendments = this.#amendments
    return new PastReader(view, now, { log: store.log, feed, history, moments: this.#moments, amendments })
  }

  /** Goes on with the histories that somebody has asked for before. */
  async run(): Promise<void> {
    for (const history of this.#histories.values()) if (await history.hasBegun()) await history.run()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#histories.values()].map((history) => history.stop()))
  }
}
