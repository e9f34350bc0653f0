import type { Overlay } from '../amend/overlay.ts'
import type { HistorySource } from '../amend/followed-history.ts'
import { eventsAt } from '../log/events-at.ts'
import { type EventRow, type Log, mainBranch } from '../log/port.ts'
import { type KeyPage, type KeysOfTenant, Refolder, type Refolded, type Refolding } from '../view/refold.ts'
import type { View } from '../view/view.ts'
import { AmendedKeys } from './view-history/amended-keys.ts'
import type { PastDocuments } from './view-history/past-documents.ts'

const pageSize = 500

export interface IndexedRefolderParts {
  /** Of the branch. */
  readonly log: Log
  readonly decode: HistorySource['decode']
  /** The last position that the branch has of main. */
  readonly base: number
  /** How documents stood on main, up to the base; undefined: that can't be told. */
  readonly past: () => Promise<PastDocuments | undefined>
  /** Called after each page, so that others get their turn. */
  readonly turn: () => Promise<void>
}

/**
 * Folds documents of a branch anew: each from how it stood on main before the first thing that was amended, by where the
 * index of main's past says that the events of its key are. Without an index the log is read.
 */
export class IndexedRefolder implements Refolding {
  readonly #view: View
  readonly #parts: IndexedRefolderParts
  readonly #whole: Refolding
  readonly #amended: AmendedKeys

  /** @param whole folds by reading the log */
  constructor(view: View, parts: IndexedRefolderParts, whole: Refolding) {
    this.#view = view
    this.#parts = parts
    this.#whole = whole
    this.#amended = new AmendedKeys(view, parts.log, parts.decode)
  }

  async fold(
    wanted: KeysOfTenant,
    to: number,
    overlay: Overlay,
    documentOf: (key: string) => unknown,
  ): Promise<ReadonlyMap<string, Refolded>> {
    const past = await this.#parts.past()
    if (past === undefined) return this.#whole.fold(wanted, to, overlay, documentOf)
    const { tenant, keys } = wanted
    const folded = new Map<string, Refolded>()
    const others = new Set<string>()
    const count = { read: 0 }
    for (const key of keys) {
      // Beyond that, reading the log once is less than reading what so many keys have in it.
      const one = count.read > to ? undefined : await this.#foldOne(past, tenant, key, to, overlay, count)
      if (one === undefined) others.add(key)
      else folded.set(key, one)
    }
    if (others.size === 0) return folded
    const rest = await this.#whole.fold({ tenant, keys: others }, to, overlay, documentOf)
    return new Map([...folded, ...rest])
  }

  /** Undefined: on main an event of the key could not be folded, which it may be here. */
  async #foldOne(
    past: PastDocuments,
    tenant: string,
    key: string,
    to: number,
    overlay: Overlay,
    count: { read: number },
  ): Promise<Refolded | undefined> {
    const { log, decode, base, turn } = this.#parts
    const touches = await this.#amended.of(tenant, key, Number.MAX_SAFE_INTEGER)
    const first = touches.reduce((least, { slot }) => Math.min(least, slot), base + 1)
    const after = Math.max(0, first - 1)
    const start = await past.find(tenant, key, { position: after })
    if (start.isStuck) return undefined
    // What has another key as it was recorded may have this one as it was amended.
    const amended = touches.map((touch) => touch.base).filter((at) => at > after && at <= Math.min(base, to))
    const recorded = past.positions(tenant, key, after, Math.min(base, to))
    const positions = inOrder(recorded, [...new Set(amended)].sort(ascending))
    const source = { log, decode }
    const types = overlay.recordedTypes(this.#view.events.map(({ type }) => type))
    const keys = { pages: () => counted(pagesOf(log, types, { tenant, base, to }, positions), count) }
    const begun = { after, folded: new Map([[key, { document: start.document }]]) }
    const refolder = new Refolder(this.#view, source, keys, turn)
    const wanted = { tenant, keys: new Set([key]) }
    return (await refolder.fold(wanted, to, overlay, () => undefined, begun)).get(key)
  }
}

const ascending = (one: number, other: number): number => one - other

/** Two lists that ascend as one, each position once, page by page. */
async function* inOrder(parts: AsyncIterable<readonly number[]>, others: number[]): AsyncGenerator<number[]> {
  let page: number[] = []
  for await (const part of parts) {
    page.push(...part)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) continue
    const end = others.findIndex((position) => position > last)
    yield merged(page, others.splice(0, end < 0 ? others.length : end))
    page = []
  }
  yield merged(page, others)
}

function merged(page: number[], others: readonly number[]): number[] {
  return others.length === 0 ? page : [...new Set([...page, ...others])].sort(ascending)
}

/** First the events at positions of main, then all that the branch has recorded of the view's types. */
async function* pagesOf(
  log: Log,
  types: ReadonlySet<string>,
  { tenant, base, to }: { readonly tenant: string; readonly base: number; readonly to: number },
  positions: AsyncIterable<number[]>,
): AsyncGenerator<KeyPage> {
  for await (const some of positions) {
    const rows: EventRow[] = []
    for await (const row of eventsAt(log, mainBranch, some)) rows.push(row)
    yield { rows, scannedTo: some.at(-1) ?? 0 }
  }
  for (let after = base; after < to; ) {
    const page = await log.read({ branch: mainBranch, tenant, after, to, limit: pageSize, types: [...types] })
    yield { rows: page.events, scannedTo: Math.min(page.scannedTo, to) }
    if (page.scannedTo <= after) break
    after = page.scannedTo
  }
  yield { rows: [], scannedTo: to }
}

async function* counted(pages: AsyncIterable<KeyPage>, count: { read: number }): AsyncGenerator<KeyPage> {
  for await (const page of pages) {
    count.read += page.rows.length
    yield page
  }
}
