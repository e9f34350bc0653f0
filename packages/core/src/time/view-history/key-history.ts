import type { DocumentWrite } from '../../log/port.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import type { PastDocuments } from './past-documents.ts'
import { lastPositionOf, type Segment, type Standing } from './segment.ts'
import type { StoredHistory } from './stored-history.ts'

/**
 * After so many events of a key it is kept how its document stood: reading it as of any position folds no more than so many
 * events, and one more page where many of a key come at once.
 */
const segmentSize = 128

/** The history of one key while events are added to it. */
export class KeyHistory {
  readonly tenant: string
  readonly key: string
  #positions: number[]
  #since: number
  #until: number
  #before: Standing | null
  /** How the document stands before the positions, if that is known here. */
  #document: unknown
  /** Full segments, and how the document stands after them, that are not written yet. */
  #full: { readonly segment: Segment; readonly document: unknown }[] = []

  constructor(tenant: string, key: string, open: Segment | undefined) {
    this.tenant = tenant
    this.key = key
    this.#positions = [...(open?.positions ?? [])]
    this.#since = open?.since ?? Number.POSITIVE_INFINITY
    this.#until = open?.until ?? Number.NEGATIVE_INFINITY
    this.#before = open?.before ?? null
  }

  /** It has no events yet. */
  get isNew(): boolean {
    return this.#before === null && this.#positions.length === 0
  }

  get isFull(): boolean {
    return this.#positions.length >= segmentSize
  }

  get canBeClosed(): boolean {
    return this.#positions.length > 0
  }

  /**
   * @param occurredAt epoch milliseconds
   * @returns false: it has this one already
   */
  add(position: number, occurredAt: number): boolean {
    if (position <= lastPositionOf({ positions: this.#positions, before: this.#before })) return false
    this.#positions.push(position)
    this.#since = Math.min(this.#since, occurredAt)
    this.#until = Math.max(this.#until, occurredAt)
    return true
  }

  /** Finds out how the document stands now, and goes on from there. @param atHand events by their positions */
  async close(past: PastDocuments, atHand: ReadonlyMap<number, RecordedEvent>): Promise<void> {
    const open = this.#open()
    const { document, shows, isStuck } = await past.after(this.tenant, this.key, open, this.#document, atHand)
    const position = lastPositionOf(open)
    const after: Standing = { position, shows, isGone: document === null, isStuck }
    this.#full.push({ segment: { ...open, after }, document })
    this.#positions = []
    this.#since = Number.POSITIVE_INFINITY
    this.#before = after
    this.#document = document
  }

  /** What is to be written of it: all of it in one transaction. */
  collect(stored: StoredHistory): DocumentWrite[] {
    const writes = this.#full.flatMap(({ segment, document }) => [
      ...(document === null || segment.after === undefined
        ? []
        : [stored.writeVersion(this.tenant, this.key, segment.after.position, document)]),
      stored.writeFull(this.tenant, this.key, segment),
    ])
    this.#full = []
    // It is in the store from now on, and may be large.
    this.#document = undefined
    return [...writes, stored.writeOpen(this.tenant, this.key, this.#open())]
  }

  #open(): Segment {
    return { positions: this.#positions, since: this.#since, until: this.#until, before: this.#before }
  }
}
