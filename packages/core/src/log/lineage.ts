import { HeadwaterError } from '../message/errors.ts'
import type { Branches } from './branches.ts'
import { mainBranch } from './port.ts'
import { Recent } from './recent.ts'

/** A part of a branch's history: what one of its parents, or in the end itself, recorded after the part before. */
export interface Segment {
  readonly branch: number
  /** The last position of it; infinite in the branch itself. */
  readonly to: number
  /** The sequence of the last command of it. */
  readonly sequence: number
}

/** The parts of a branch's history, the oldest first; the last one is its own tail. */
export interface Lineage {
  readonly segments: readonly Segment[]
  readonly base: number
  readonly baseRecordedAt: number | undefined
}

const capacity = 10_000

/** Knows which parts the history of each branch is made of. None of it changes, so it is looked up once. */
export class Lineages {
  readonly #branches: Branches
  readonly #known = new Recent<Lineage>(capacity)

  constructor(branches: Branches) {
    this.#branches = branches
  }

  /** @throws HeadwaterError `branch.unknown` */
  async of(branch: number): Promise<Lineage> {
    const known = this.#known.get(String(branch))
    if (known !== undefined) return known
    const lineage = await this.#lookUp(branch)
    this.#known.set(String(branch), lineage)
    return lineage
  }

  forget(branch: number): void {
    this.#known.delete(String(branch))
  }

  async #lookUp(branch: number): Promise<Lineage> {
    if (branch === mainBranch) return { segments: withTail([], branch), base: 0, baseRecordedAt: undefined }
    const row = await this.#branches.get(branch)
    if (row === undefined) throw unknownBranch(branch)
    const { position, recordedAt, sequence } = row.base
    const parent = await this.of(row.parent)
    const past = before(parent.segments, position, sequence)
    return { segments: withTail(past, branch), base: position, baseRecordedAt: recordedAt }
  }
}

export function unknownBranch(branch: number | string): HeadwaterError {
  return new HeadwaterError('branch.unknown', `There is no branch ${branch}`, { details: { branch } })
}

/** The parts as they were at a position: those that begin beyond it have no events, but may have had commands. */
export function before(
  segments: readonly Segment[],
  position: number,
  sequence = Number.POSITIVE_INFINITY,
): readonly Segment[] {
  return segments.map((segment) => ({
    branch: segment.branch,
    to: Math.min(segment.to, position),
    sequence: Math.min(segment.sequence, sequence),
  }))
}

function withTail(past: readonly Segment[], branch: number): readonly Segment[] {
  return [...past, { branch, to: Number.POSITIVE_INFINITY, sequence: Number.POSITIVE_INFINITY }]
}
