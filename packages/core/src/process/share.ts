import type { SlotRange } from '../log/slots.ts'

export interface ShareInput<Range extends SlotRange> {
  /** Each partition with its owner; undefined: nobody has it. */
  readonly partitions: readonly { readonly range: Range; readonly owner: string | undefined }[]
  /** All who share in the work, whether they have a partition or not. */
  readonly members: readonly string[]
  readonly me: string
}

export interface Share<Range extends SlotRange> {
  /** What is free and may be taken, one after the other. */
  readonly take: readonly Range[]
  /** What somebody else should have, as one has at least two less. */
  readonly give: Range | undefined
}

/** So that the members have the same number of partitions, give or take one. */
export function shareOf<Range extends SlotRange>({
  partitions,
  members,
  me,
}: ShareInput<Range>): Share<Range> {
  const own = partitions.filter(({ owner }) => owner === me)
  const others = members
    .filter((member) => member !== me)
    .map((member) => partitions.filter(({ owner }) => owner === member).length)
  const least = Math.min(...others)
  const free = partitions.filter(({ owner }) => owner === undefined)
  // While others have less, what is free is theirs.
  const room = Math.max(0, least + 1 - own.length)
  return {
    take: free.slice(0, room).map(({ range }) => range),
    give: own.length - least >= 2 ? own.at(-1)?.range : undefined,
  }
}
