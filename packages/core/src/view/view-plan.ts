import type { ProcessorPlan } from '../process/plan.ts'
import type { View } from './view.ts'
import { pageSize, type ViewParts } from './view-parts.ts'
import { ViewWork } from './view-work.ts'

/** The processor of one version of a view. */
export function viewPlan(view: View, parts: ViewParts): ProcessorPlan {
  return {
    name: parts.processor,
    kind: 'view',
    events: view.events,
    followsAmendments: true,
    start: 'beginning',
    partitions: view.partitions,
    pageSize,
    keysOf: (event) => view.keysOf(event),
    workOn: (scope) => new ViewWork(view, parts, scope),
  }
}
