import type { BranchRow } from '../log/branches.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { RunnerParts } from '../process/runner.ts'
import { MainPast, type MainPastParts } from '../time/main-past.ts'
import { FirstAmendment } from '../time/first-amendment.ts'
import { aroundOf } from '../time/debug/around.ts'
import { OverlayAround } from '../time/debug/overlay-around.ts'
import { PastReader, type PastReaderParts } from '../time/past-reader.ts'
import { ViewMoments } from '../time/view-moments.ts'
import { OverlayReader } from '../time/overlay-reader.ts'
import { OverlayView } from '../time/overlay-view.ts'
import type { ViewReader, ViewSummary } from '../view/reader.ts'
import type { View } from '../view/view.ts'
import type { RuntimeParts } from './runtime-parts.ts'

export interface BranchViewsParts extends RunnerParts, Pick<MainPastParts, 'decode'> {
  readonly views: readonly View[]
  readonly branch: Pick<BranchRow, 'tenant'>
  /** The last position that the branch has of main. */
  readonly base: number
  readonly main: {
    readonly views: Pick<RuntimeParts['views'], 'reader' | 'history' | 'waits'>
    readonly store: MainPastParts['store']
    readonly head: MainPastParts['head']
  }
}

/** The views of an app on a branch: what the branch makes of them, over what they were on main where it begins. */
export class BranchViews implements Pick<RuntimeParts['views'], keyof RuntimeParts['views']> {
  readonly processors = []
  readonly #readers = new Map<string, ViewReader<unknown>>()
  readonly #parts: BranchViewsParts

  constructor(parts: BranchViewsParts) {
    this.#parts = parts
    const { store, feed } = parts
    const past = {
      log: store.log,
      feed,
      history: undefined,
      moments: new ViewMoments(parts),
      amendments: new FirstAmendment(store.log),
    }
    for (const view of parts.views) {
      if (view.sql === undefined) this.#readers.set(view.name, readerOf(view, parts, past))
    }
  }

  /** @throws HeadwaterError `view.unknown`, `branch.main-only` */
  reader(name: string): ViewReader<unknown> {
    const known = this.#readers.get(name)
    if (known !== undefined) return known
    if (this.#parts.views.some((view) => view.name === name))
      return onlyOnMain(`View ${name}, which is kept in tables,`)
    throw new HeadwaterError('view.unknown', `There is no view named ${name}`, { details: { view: name } })
  }

  /** What is past on a branch is folded when it is asked for. */
  history(): undefined {
    return undefined
  }

  /** Events are parked on main alone. */
  async waits(): Promise<boolean> {
    return false
  }

  /** @throws HeadwaterError `branch.main-only` */
  async tables(view: string): Promise<never> {
    return onlyOnMain(`View ${view}, which is kept in tables,`)
  }

  /** @throws HeadwaterError `branch.main-only` */
  versions(view: string): never {
    return onlyOnMain(`A version of view ${view}`)
  }

  /** They are folded when they are read. */
  async summaries(): Promise<readonly ViewSummary[]> {
    const { views, feed } = this.#parts
    return views
      .filter(({ name }) => this.#readers.has(name))
      .map(({ name, lifecycle, events, indexes, search }) => ({
        name,
        lifecycle,
        events: events.map(({ type }) => type),
        indexes,
        search,
        position: feed.head,
        lag: { events: 0, seconds: 0 },
        version: null,
        code: null,
        rebuild: null,
      }))
  }

  async close(): Promise<void> {}
}

function readerOf(view: View, parts: BranchViewsParts, asOf: PastReaderParts): ViewReader<unknown> {
  const { store, feed, base, onError, clock, main, decode } = parts
  const { tenant } = parts.branch
  const mainReader = main.views.reader(view.name)
  const past = new MainPast(view, mainReader, {
    store: main.store,
    head: main.head,
    decode,
    position: base,
    tenant,
    onError,
    clock,
  })
  const own = {
    log: store.log,
    feed,
    base,
    tenant,
    past: (key: string) => past.get(key),
    history: async () => main.views.history(view.name)?.pastTo(base),
    onError,
    clock,
  }
  const around = new OverlayAround({
    base,
    main: aroundOf(mainReader),
    past: async (key) => (await past.get(key))?.doc ?? null,
    waits: (key) => main.views.waits(view.name, tenant, key, base),
    asOf: async (key, position) => {
      const folded = await asOf.moments.reader(view, tenant, position)
      return (await folded.get(key, { tenant }))?.doc ?? null
    },
    open: (upTo) => new OverlayView(view, { ...own, upTo }),
  })
  const now = new OverlayReader(view, new OverlayView(view, own), past, feed)
  return new PastReader(view, now, { ...asOf, around })
}

/** @throws HeadwaterError `branch.main-only` */
export function onlyOnMain(what: string): never {
  throw new HeadwaterError('branch.main-only', `${what} is not there on a branch`)
}
