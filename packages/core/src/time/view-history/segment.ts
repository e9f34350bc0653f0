/** How a document stood after its event at a position. */
export interface Standing {
  readonly position: number
  /** The last event that it shows: an earlier one where it is stuck. */
  readonly shows: number
  /** There was no document, or none any more. */
  readonly isGone: boolean
  /** An event could not be folded: the document stays as it is, as that of the view does while the event is parked. */
  readonly isStuck: boolean
}

/** Some events in a row of one key: where they are, and how its document stood before them. */
export interface Segment {
  /** Ascending. */
  readonly positions: readonly number[]
  /** When the first and the last of them occurred that did, epoch milliseconds. For `until` all earlier ones count as well. */
  readonly since: number
  readonly until: number
  /** Null: they are the first ones. */
  readonly before: Standing | null
  /** Of a segment that is full. */
  readonly after?: Standing
}

export function lastPositionOf({ positions, before }: Pick<Segment, 'positions' | 'before'>): number {
  return positions.at(-1) ?? before?.position ?? 0
}

/** As it is stored: positions as distances, which are short. */
export interface StoredSegment extends Omit<Segment, 'positions' | 'since'> {
  readonly steps: readonly number[]
  /** Null: there are no positions. */
  readonly since: number | null
}

export function stored({ positions, since, ...segment }: Segment): StoredSegment {
  const steps = positions.map((position, index) => position - (positions[index - 1] ?? 0))
  return { ...segment, steps, since: positions.length === 0 ? null : since }
}

export function restored({ steps, since, ...segment }: StoredSegment): Segment {
  let position = 0
  const positions = steps.map((step) => (position += step))
  return { ...segment, positions, since: since ?? Number.POSITIVE_INFINITY }
}
