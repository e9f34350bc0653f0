import { Lineages, type Segment } from '../../log/lineage.ts'
import type { Store } from '../../log/store.ts'
import { HeadwaterError } from '../../message/errors.ts'

/** Up to where two histories of one log are one. */
export interface Common {
  readonly position: number
  /** The sequence of the last command that both have. */
  readonly sequence: number
}

/** @throws HeadwaterError `branch.unsupported` */
export async function commonOf(
  store: Pick<Store, 'name' | 'branches'>,
  one: number,
  other: number,
): Promise<Common> {
  if (store.branches === undefined)
    throw new HeadwaterError('branch.unsupported', `The store ${store.name} keeps no branches`)
  const lineages = new Lineages(store.branches)
  const [mine, theirs] = [(await lineages.of(one)).segments, (await lineages.of(other)).segments]
  let common: Common = { position: 0, sequence: 0 }
  for (const [index, segment] of mine.entries()) {
    const counterpart: Segment | undefined = theirs[index]
    if (counterpart === undefined || counterpart.branch !== segment.branch) break
    common = {
      position: Math.min(segment.to, counterpart.to),
      sequence: Math.min(segment.sequence, counterpart.sequence),
    }
    if (segment.to !== counterpart.to) break
  }
  return common
}
