import { type Amendment, amendedType, readAmendment } from '../../amend/amendment.ts'
import type { HistorySource } from '../../amend/followed-history.ts'
import { Overlay } from '../../amend/overlay.ts'
import { eventsAt } from '../../log/events-at.ts'
import { type EventRow, type Log, mainBranch } from '../../log/port.ts'
import { documentId } from '../../view/cache.ts'
import { keysOf } from '../../view/refold.ts'
import type { View } from '../../view/view.ts'

const pageSize = 500

/** An amendment of something that a document was, or is to be, folded from. */
export interface Touch {
  readonly amendment: Amendment
  /** Where that stands in the effective history. */
  readonly slot: number
  /** The position of the record that it is about; of one that inserts, its own. */
  readonly base: number
}

/** Which amendments concern which documents of a view; in memory, and followed as far as the log goes when somebody asks. */
export class AmendedKeys {
  readonly #view: View
  readonly #log: Log
  readonly #decode: HistorySource['decode']
  readonly #types: ReadonlySet<string>
  readonly #overlay = new Overlay()
  readonly #inserts = new Map<number, Amendment>()
  /** By tenant and key, in the order in which they were recorded. */
  readonly #touches = new Map<string, Touch[]>()
  #scannedTo = 0
  #following: Promise<void> | undefined

  constructor(view: View, log: Log, decode: HistorySource['decode']) {
    this.#view = view
    this.#log = log
    this.#decode = decode
    this.#types = new Set(view.events.map(({ type }) => type))
  }

  /** Those of a document that are recorded up to a position, in the order of positions. */
  async of(tenant: string, key: string, position: number): Promise<readonly Touch[]> {
    // A pass under way may have begun before the caller's last amendment.
    await this.#following
    this.#following ??= this.#follow().finally(() => {
      this.#following = undefined
    })
    await this.#following
    const touches = this.#touches.get(documentId(tenant, key)) ?? []
    return touches.filter(({ amendment }) => amendment.row.position <= position)
  }

  /** What they make of a history. */
  overlay(touches: readonly Touch[]): Overlay {
    const overlay = new Overlay(touches.map(({ amendment }) => amendment))
    // An inserted event stands where the one stands behind which it was put; one that is amended has to be inserted first.
    for (const { amendment } of touches)
      for (let before = this.#before(amendment); before !== undefined; before = this.#before(before))
        overlay.add(before)
    return overlay
  }

  #before({ target }: Amendment): Amendment | undefined {
    return target.revision > 0 ? this.#inserts.get(target.position) : undefined
  }

  async #follow(): Promise<void> {
    for (;;) {
      const query = { branch: mainBranch, tenant: undefined, after: this.#scannedTo, limit: pageSize }
      const { events, scannedTo, head } = await this.#log.read({ ...query, types: [amendedType] })
      const amendments = events.map((row) => readAmendment(row, this.#decode(row).data))
      const targets = await this.#targetsOf(amendments)
      for (const amendment of amendments) this.#take(amendment, targets)
      this.#scannedTo = Math.max(this.#scannedTo, scannedTo)
      if (scannedTo >= head) return
    }
  }

  async #targetsOf(amendments: readonly Amendment[]): Promise<ReadonlyMap<number, EventRow>> {
    const wanted = amendments.filter(({ edit }) => edit !== 'insert').map(({ target }) => target.position)
    const positions = [...new Set(wanted)].sort((one, other) => one - other)
    const targets = new Map<number, EventRow>()
    for await (const row of eventsAt(this.#log, mainBranch, positions)) targets.set(row.position, row)
    return targets
  }

  #take(amendment: Amendment, targets: ReadonlyMap<number, EventRow>): void {
    const { edit, row, target, content } = amendment
    const isOurs =
      (target.type !== null && this.#types.has(target.type)) ||
      (content !== undefined && this.#types.has(content.type)) ||
      this.#overlay.concerns(target.position)
    const base = edit === 'insert' ? row : targets.get(target.position)
    if (base === undefined || !isOurs) return
    this.#overlay.add(amendment)
    if (edit === 'insert') this.#inserts.set(row.position, amendment)
    const touch = { amendment, slot: this.#overlay.slotOf(base.position), base: base.position }
    for (const key of this.#keysOf(base)) {
      const id = documentId(row.tenant, key)
      const known = this.#touches.get(id)
      if (known === undefined) this.#touches.set(id, [touch])
      else known.push(touch)
    }
  }

  /** Of all that ever stood there. */
  #keysOf(base: EventRow): ReadonlySet<string> {
    const versions = this.#overlay.versions(base).filter(({ type }) => this.#types.has(type))
    return new Set(versions.flatMap((version) => keysOf(this.#view, this.#decode(version))))
  }
}
