import { type Amendment, amendedType, amendType, isAmendment } from '../../amend/amendment.ts'
import { Overlay } from '../../amend/overlay.ts'
import type { Slot } from '../../amend/place.ts'
import type { StreamHistory } from '../../amend/stream-history.ts'
import { type EventRow, type Log, mainBranch } from '../../log/port.ts'
import type { CommandLog, CommandRow } from '../../log/store.ts'
import { eventId } from '../../message/identity.ts'
import type { Decisions } from './decisions.ts'
import type { Made } from './reconcile.ts'

const pageSize = 500

export interface AmendedParts {
  readonly log: Pick<Log, 'read' | 'readAt'>
  readonly commands: Pick<CommandLog, 'find'>
  readonly history: Pick<StreamHistory, 'amendment'>
  readonly decisions: Decisions
  readonly tenant: string
}

/** The streams of a branch that were amended, by whom, and what stands in them. */
export class AmendedStreams {
  readonly #parts: AmendedParts
  readonly #overlays = new Map<string, Overlay>()
  /** Another number whenever something more is said about a stream. */
  readonly #versions = new Map<string, number>()
  /** The revisions of a stream's amendments, in their order. */
  readonly #saidIn = new Map<string, number[]>()
  /** The last slot of a stream at which something was amended. */
  readonly #lastSlots = new Map<string, number>()
  /** What is amended, by the ids of events. */
  readonly #targets = new Map<string, EventRow>()
  /** Positions of the amendments that nobody made but a replay. */
  readonly #ours = new Set<number>()
  /** What was inserted for a command, by its id. */
  readonly #inserted = new Map<string, EventRow[]>()
  /** What somebody has said, in the order of the log. */
  readonly edited: EventRow[] = []
  /** The first slot at which something was amended; infinite: nothing was. */
  first = Number.POSITIVE_INFINITY

  constructor(parts: AmendedParts) {
    this.#parts = parts
  }

  /** Reads all amendments up to a position. */
  async read(to: number): Promise<void> {
    const { log, tenant, history } = this.#parts
    const makers = new Map<string, CommandRow | undefined>()
    let after = 0
    while (after < to) {
      const query = { branch: mainBranch, tenant, types: [amendedType], after, to, limit: pageSize }
      const { events, scannedTo } = await log.read(query)
      const targets = await this.#targetsOf(events)
      for (const row of events) {
        if (!makers.has(row.commandId))
          makers.set(row.commandId, await this.#parts.commands.find(mainBranch, tenant, row.commandId))
        const maker = makers.get(row.commandId)
        const isOurs = maker !== undefined && maker.type !== amendType
        if (isOurs) this.#parts.decisions.add(maker)
        const amendment = history.amendment(row)
        const target = amendment.edit === 'insert' ? row : targets.get(amendment.target.position)
        this.add(amendment, target, isOurs ? this.#parts.decisions.commandOf(maker) : undefined)
        if (!isOurs && target !== undefined) this.edited.push(target)
      }
      if (scannedTo <= after) break
      after = scannedTo
    }
  }

  /** @param command for which it was said; undefined: somebody has said it */
  add(amendment: Amendment, target: EventRow | undefined, command: string | undefined): void {
    const { row, edit } = amendment
    const { stream } = row
    const overlay = this.overlayOf(stream)
    overlay.add(amendment)
    if (command !== undefined) {
      this.#ours.add(row.position)
      if (edit === 'insert') this.#inserted.set(command, [...(this.#inserted.get(command) ?? []), row])
    }
    if (target !== undefined) this.#targets.set(eventId(target.commandId, target.ordinal), target)
    const slot = overlay.slotOf(edit === 'insert' ? row.position : amendment.target.position)
    this.first = Math.min(this.first, slot)
    this.#lastSlots.set(stream, Math.max(slot, this.#lastSlots.get(stream) ?? slot))
    this.#versions.set(stream, this.versionOf(stream) + 1)
    const revisions = this.#saidIn.get(stream)
    if (revisions === undefined) this.#saidIn.set(stream, [row.revision])
    else revisions.push(row.revision)
  }

  isAmended(stream: string): boolean {
    return this.#versions.has(stream)
  }

  versionOf(stream: string): number {
    return this.#versions.get(stream) ?? 0
  }

  lastSlotOf(stream: string): number {
    return this.#lastSlots.get(stream) ?? -1
  }

  /** The revision of the first amendment of a stream behind a revision; infinite: there is none. */
  nextSaidIn(stream: string, revision: number): number {
    const revisions = this.#saidIn.get(stream) ?? []
    let low = 0
    let high = revisions.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((revisions[middle] ?? 0) > revision) high = middle
      else low = middle + 1
    }
    return revisions[low] ?? Number.POSITIVE_INFINITY
  }

  overlayOf(stream: string): Overlay {
    let overlay = this.#overlays.get(stream)
    if (overlay === undefined) this.#overlays.set(stream, (overlay = new Overlay()))
    return overlay
  }

  /** Where an inserted event stands; undefined: it is a record. */
  slotOf(row: EventRow): Slot | undefined {
    if (!isAmendment(row)) return undefined
    const { slot, order } = this.overlayOf(row.stream).placeAt(row.position)
    return { slot, order }
  }

  standing(row: EventRow): EventRow | undefined {
    return this.overlayOf(row.stream).standing(row)
  }

  /** An event of which something was said; undefined: nothing was. */
  targetOf(id: string): EventRow | undefined {
    return this.#targets.get(id)
  }

  /** What was inserted for a command when it was decided again. */
  insertedFor(command: string): readonly EventRow[] {
    return this.#inserted.get(command) ?? []
  }

  /** @param isNew it is there only since it was decided again */
  made(row: EventRow, isNew: boolean): Made {
    const overlay = this.overlayOf(row.stream)
    const said = overlay.saidAbout(row.position)
    const isPinned = said !== undefined && said.edit !== 'restore' && !this.#ours.has(said.row.position)
    return { row, original: isNew ? undefined : row, standing: overlay.standing(row), isPinned }
  }

  async #targetsOf(events: readonly EventRow[]): Promise<ReadonlyMap<number, EventRow>> {
    const { log, history } = this.#parts
    const wanted = new Set<number>()
    for (const row of events) {
      const { edit, target } = history.amendment(row)
      if (edit !== 'insert') wanted.add(target.position)
    }
    const found = new Map<number, EventRow>()
    let positions = [...wanted].sort((one, other) => one - other)
    while (positions.length > 0) {
      const rows = await log.readAt({ branch: mainBranch, positions })
      for (const row of rows) found.set(row.position, row)
      const last = rows.at(-1)?.position
      if (last === undefined) break
      positions = positions.filter((position) => position > last)
    }
    return found
  }
}
