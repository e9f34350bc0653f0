import type { AmendmentNote } from '../message/recorded.ts'
import type { EventRow } from '../log/port.ts'
import { type Amendment, isAmendment } from './amendment.ts'
import { behindRecord, comparePlaces, type Place } from './place.ts'

/** An amendment that inserts, and the place of its event. */
export interface Inserted extends Place {
  readonly amendment: Amendment
}

/**
 * What amendments have made of a history: records go in as they were recorded, in the order of their positions, and come
 * out as a world in which the amendments had been right from the start has them. Pure, and whatever the order in which
 * amendments are added: the last one recorded about an event counts.
 *
 * The order of that world is (slot, ordinal): a record stands at its position, what is inserted behind it there too, in the
 * order in which it was inserted; behind that what commands decided there that were decided again, in their own order.
 */
export class Overlay {
  /** By the position of what it is about. */
  readonly #said = new Map<number, Amendment>()
  /** By the position of what they are about: all that ever stood there. */
  readonly #contents = new Map<number, Amendment[]>()
  readonly #inserts = new Map<number, Amendment>()
  /** By the type of what took its place: the other types under which it was recorded. */
  readonly #recordedAs = new Map<string, Set<string>>()
  #sorted: Inserted[] | undefined

  constructor(amendments: Iterable<Amendment> = []) {
    for (const amendment of amendments) this.add(amendment)
  }

  get isEmpty(): boolean {
    return this.#said.size + this.#inserts.size === 0
  }

  add(amendment: Amendment): void {
    const { edit, target, row } = amendment
    if (edit === 'insert') {
      if (this.#inserts.has(row.position)) return
      this.#inserts.set(row.position, amendment)
      this.#sortIn(amendment)
      return
    }
    if (amendment.content !== undefined) {
      const contents = this.#contents.get(target.position)
      if (contents === undefined) this.#contents.set(target.position, [amendment])
      else contents.push(amendment)
      this.#remember(target.type, amendment.content.type)
    }
    const known = this.#said.get(target.position)
    if (known === undefined || known.row.position < row.position) this.#said.set(target.position, amendment)
  }

  /**
   * What stands in the place of a record; undefined: nothing, as it is omitted. Of a record that is an amendment itself: the
   * event that it inserts.
   */
  standing(row: EventRow): EventRow | undefined {
    const base = isAmendment(row) ? this.#insertedBy(row) : row
    return base && this.#amended(base)
  }

  /** The same, what is omitted included: with a note of who said so. */
  shown(row: EventRow): EventRow | undefined {
    const standing = this.standing(row)
    if (standing !== undefined) return standing
    const base = isAmendment(row) ? this.#insertedBy(row) : row
    const said = base && this.#about(base)
    return said && { ...base, amendment: noteOf('omit', said, base) }
  }

  /** Whether anything was said about what stands at a position. */
  concerns(position: number): boolean {
    return this.#said.has(position) || this.#inserts.has(position)
  }

  /** The last that was said about what stands at a position; of an inserted event by that of its amendment. */
  saidAbout(position: number): Amendment | undefined {
    return this.#said.get(position)
  }

  /** Where the event of a record stands: an inserted one behind the record that its amendment names. */
  placeAt(position: number): Place {
    const amendment = this.#inserts.get(position)
    return amendment === undefined ? { slot: position, order: [], path: [] } : this.#placeOf(amendment)
  }

  slotOf(position: number): number {
    return this.placeAt(position).slot
  }

  /** All that ever stood in the place of a record, whatever counts now. */
  versions(row: EventRow): readonly EventRow[] {
    const base = isAmendment(row) ? this.#insertedBy(row) : row
    if (base === undefined) return []
    const contents = this.#contents.get(row.position) ?? []
    return [base, ...contents.map(({ content }) => ({ ...base, ...content }))]
  }

  /** The amendments that insert, in the order in which their events stand. */
  get inserts(): readonly Inserted[] {
    this.#sorted ??= this.#sort()
    return this.#sorted
  }

  #insertedBy(row: EventRow): EventRow | undefined {
    const amendment = this.#inserts.get(row.position)
    const { content } = amendment ?? {}
    if (amendment === undefined || content === undefined) return undefined
    const note = noteOf('insert', amendment, row)
    return { ...row, ...content, amendment: { ...note, behind: this.#rootOf(amendment).revision } }
  }

  #about(row: EventRow): Amendment | undefined {
    const said = this.#said.get(row.position)
    // A fact of one stream says nothing about another one's.
    return said?.row.stream === row.stream && said.row.tenant === row.tenant ? said : undefined
  }

  #amended(row: EventRow): EventRow | undefined {
    const said = this.#said.size === 0 ? undefined : this.#about(row)
    if (said === undefined || said.edit === 'restore') return row
    if (said.edit === 'omit' || said.content === undefined) return undefined
    return { ...row, ...said.content, amendment: noteOf('replace', said, row) }
  }

  /**
   * Where events of some types are recorded: under these types, and under those of events that an amendment has made one of
   * them.
   */
  recordedTypes(types: Iterable<string>): ReadonlySet<string> {
    const own = [...types]
    return new Set([...own, ...own.flatMap((type) => [...(this.#recordedAs.get(type) ?? [])])])
  }

  #remember(recorded: string | null, type: string): void {
    if (recorded === null || recorded === type) return
    const known = this.#recordedAs.get(type)
    if (known === undefined) this.#recordedAs.set(type, new Set([recorded]))
    else known.add(recorded)
  }

  /** What is known already stays in order: there may be many, and each is added on its own. */
  #sortIn(amendment: Amendment): void {
    // One that names no place stands behind another, which may not be known yet.
    if (this.#sorted === undefined || amendment.target.at === undefined) {
      this.#sorted = undefined
      return
    }
    const inserted = { amendment, ...this.#placeOf(amendment) }
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      const known = this.#sorted[middle]
      if (known !== undefined && comparePlaces(known, inserted) <= 0) low = middle + 1
      else high = middle
    }
    this.#sorted.splice(low, 0, inserted)
  }

  #sort(): Inserted[] {
    const inserted = [...this.#inserts.values()].map((amendment) => ({
      amendment,
      ...this.#placeOf(amendment),
    }))
    return inserted.sort(comparePlaces)
  }

  /** The record, or the beginning, behind which an inserted event stands. */
  #rootOf({ target }: Amendment): Amendment['target'] {
    const before = target.revision === 0 ? undefined : this.#inserts.get(target.position)
    return before === undefined ? target : this.#rootOf(before)
  }

  /** Where the event of an amendment that inserts stands. */
  #placeOf({ target, row }: Amendment): Place {
    if (target.at !== undefined) return { ...target.at, path: [row.position] }
    const before = target.revision === 0 ? undefined : this.#inserts.get(target.position)
    if (before === undefined) return { slot: target.position, order: behindRecord, path: [row.position] }
    const { path, ...place } = this.#placeOf(before)
    return { ...place, path: [...path, row.position] }
  }
}

function noteOf(edit: AmendmentNote['edit'], { row, why }: Amendment, original: EventRow): AmendmentNote {
  const { amendment } = original
  return { edit, fields: row, why, behind: amendment?.behind, original: amendment?.original ?? original }
}

/** What stands in a history, and where. */
export interface Standing {
  readonly row: EventRow
  /** Of a record its position; of an inserted event that of the record behind which it stands. */
  readonly slot: number
}

/**
 * What of a history is given: what counts, what is omitted as well (with a note that says so), or amendments too, at their
 * own places.
 */
export type Shown = 'standing' | 'all' | 'everything'

/** Puts what an overlay leaves of a history into its order, page by page; the overlay may grow meanwhile. */
export class Weaver {
  readonly #overlay: Overlay
  readonly #show: Shown
  /** What is inserted up to here is behind. */
  #slot: number

  /**
   * @param after the position behind which the pages begin; 0: the beginning, with what stands before the first record
   */
  constructor(overlay: Overlay, after = 0, show: Shown = 'standing') {
    this.#overlay = overlay
    this.#show = show
    this.#slot = after === 0 ? -1 : after
  }

  /**
   * @param rows records in the order of their positions, behind those of the page before
   * @param to the position up to which the page goes, records or not
   */
  weave(rows: readonly EventRow[], to: number): readonly Standing[] {
    const woven: Standing[] = []
    for (const row of rows) {
      this.#insertUpTo(row.position - 1, woven)
      if (!isAmendment(row)) this.#put(row, row.position, woven)
      else if (this.#show === 'everything') woven.push({ row, slot: row.position })
    }
    this.#insertUpTo(to, woven)
    return woven
  }

  /** What is inserted before a position and was not given yet. */
  insertedBefore(position: number): readonly Standing[] {
    const woven: Standing[] = []
    this.#insertUpTo(position - 1, woven)
    return woven
  }

  #insertUpTo(slot: number, woven: Standing[]): void {
    if (slot <= this.#slot) return
    const { inserts } = this.#overlay
    for (let index = firstAbove(inserts, this.#slot); index < inserts.length; index += 1) {
      const inserted = inserts[index]
      if (inserted === undefined || inserted.slot > slot) break
      this.#put(inserted.amendment.row, inserted.slot, woven)
    }
    this.#slot = slot
  }

  #put(row: EventRow, slot: number, woven: Standing[]): void {
    const put = this.#show === 'standing' ? this.#overlay.standing(row) : this.#overlay.shown(row)
    if (put !== undefined) woven.push({ row: put, slot })
  }
}

/** Where those begin that stand above a slot. */
function firstAbove(inserts: readonly Inserted[], slot: number): number {
  let low = 0
  let high = inserts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((inserts[middle]?.slot ?? slot) > slot) high = middle
    else low = middle + 1
  }
  return low
}
