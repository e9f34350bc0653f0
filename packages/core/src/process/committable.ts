import { mainBranch } from '../log/port.ts'
import type { ProgressCommit } from '../log/progress.ts'
import type { ProcessorPlan } from './plan.ts'
import type { Collected } from './work.ts'

type Collectable = Pick<ProgressCommit, 'documents' | 'park' | 'results' | 'ask' | 'statements'>

/** What a work has collected, with the names under which the store knows the processor and the process. */
export function committable(
  { name: processor, job }: ProcessorPlan,
  { park, results, ...collected }: Collected,
  owner: string,
  now: () => number,
): Collectable {
  const place = { processor, branch: mainBranch }
  return {
    ...collected,
    park: park.map((event) => ({ ...event, ...place })),
    ...(results !== undefined &&
      results.length > 0 && {
        results: results.map((result) => ({
          ...result,
          ...place,
          ...(job && { processor: job.of }),
          owner,
          at: now(),
        })),
      }),
  }
}
