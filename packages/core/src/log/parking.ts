import type { Encoded } from '../message/codec.ts'
import type { Act, Intervention } from './controls.ts'
import type { SlotRange } from './slots.ts'

/** The events that processors had to leave aside. They are parked and unparked by commits of `Progress`. */
export interface Parking {
  /** In the order of positions. */
  list(query: ParkedQuery): Promise<readonly ParkedEvent[]>
  /** In the order of slots, tenants and names. */
  sequences(query: ParkedSequencesQuery): Promise<readonly ParkedSequence[]>
  /** How many events are parked; no more than `most` are counted. */
  count(processor: string, branch: number, most: number): Promise<number>
  /**
   * Gives a parked event other data, for this processor only.
   *
   * @returns false: it is not parked any more, or was edited since it was read; nothing was changed
   */
  edit(edit: ParkedEdit, act: Act): Promise<boolean>
  /**
   * Takes parked events of one sequence away without processing them, the first ones first, and leaves a result that says
   * so. Those behind them are asked for.
   *
   * @returns how many were dropped
   */
  drop(drop: ParkedDrop, act: Act): Promise<number>
  /** Asks that sequences be tried again; gives how many of them are parked. */
  ask(request: RetryRequest, act: Act): Promise<number>
  /** Sequences that are asked for, the first asked first. */
  asked(query: AskedQuery): Promise<readonly SequenceKey[]>
}

/** What a processor keeps in order: a stream, or a view's key. */
export interface SequenceKey {
  readonly tenant: string
  readonly sequence: string
}

/** An event to be parked: it could not be processed, or it waits behind one that could not. */
export interface EventToPark extends SequenceKey {
  readonly processor: string
  readonly branch: number
  readonly position: number
  /** How often it was tried; 0: it waits behind another. */
  readonly attempts: number
  readonly error: string | null
  /** Epoch milliseconds. */
  readonly parkedAt: number
  /** What it is processed with instead of its own data, where an edit goes with it. */
  readonly edit?: EditedData | undefined
}

export interface ParkedEvent extends EventToPark {
  /** How often it was edited: who writes about it says which version was read. */
  readonly edits: number
}

export interface EditedData extends Intervention {
  readonly data: Encoded
  /** Of the event's schema. */
  readonly version: number
}

/** Parked events of one tenant and sequence. */
export interface ParkedSequence extends SequenceKey {
  /** Its first event, on which it waits. */
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: number
  /** How many events are parked in it; no more than asked for are counted. */
  readonly events: number
  /** It is asked for, and will be tried again. */
  readonly isAsked: boolean
}

export interface ParkedQuery {
  readonly processor: string
  readonly branch: number
  /** Undefined: of all tenants. */
  readonly tenant?: string
  readonly sequence?: string
  /** Positions above this one. */
  readonly after?: number
  readonly limit: number
}

export interface ParkedSequencesQuery {
  readonly processor: string
  readonly branch: number
  readonly slots: SlotRange
  readonly tenant?: string
  /** The last one of the page before. */
  readonly after?: SequenceKey
  /** In each sequence no more events are counted. */
  readonly mostEvents: number
  readonly limit: number
}

export interface ParkedEdit extends SequenceKey {
  readonly processor: string
  readonly branch: number
  readonly position: number
  /** The number of edits that was read. */
  readonly edits: number
  readonly data: Encoded
  readonly version: number
}

export interface ParkedDrop extends SequenceKey {
  readonly processor: string
  readonly branch: number
  /** Positions, both included. */
  readonly from: number
  readonly to: number
  /** At most so many at a time. */
  readonly limit: number
}

export interface RetryRequest {
  readonly processor: string
  readonly branch: number
  readonly sequences: readonly SequenceKey[]
}

export interface AskedQuery {
  readonly processor: string
  readonly branch: number
  readonly slots: SlotRange
  readonly limit: number
}
