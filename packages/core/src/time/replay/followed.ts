import { isHeadwaterError } from '../../message/errors.ts'
import type { ViewReader } from '../../view/reader.ts'
import type { View } from '../../view/view.ts'
import type { ReplayReport } from './report.ts'

/** How long a view may take to show the end of a branch, in milliseconds. */
const viewTimeLimit = 600_000

export interface FollowParts {
  readonly views: Iterable<Pick<View, 'name'>>
  readonly reader: (view: string) => ViewReader<unknown>
  readonly tenant: string
}

/** Waits until all views show what is recorded up to a position. */
export async function followed(
  { views, reader, tenant }: FollowParts,
  position: number,
  signal: AbortSignal | undefined,
): Promise<Pick<ReplayReport, 'views' | 'notFollowed'>> {
  const following: string[] = []
  const notFollowed: { view: string; why: string }[] = []
  for (const { name } of views) {
    signal?.throwIfAborted()
    try {
      await reader(name).list({ limit: 1, waitFor: position, timeLimit: viewTimeLimit, tenant })
      following.push(name)
    } catch (error) {
      if (!isHeadwaterError(error)) throw error
      notFollowed.push({ view: name, why: error.message })
    }
  }
  return { views: following.sort(), notFollowed }
}
