import { performance } from 'node:perf_hooks'
import type { Headwater, RecordedEvent, View } from 'headwater'
import { Deposited } from './bank.ts'

/** Milliseconds of reading the whole log and folding it into views, in memory, as if an event were not there. */
export async function foldAgain(
  headwater: Headwater,
  views: readonly View[],
  omitted: string,
): Promise<number> {
  const begin = performance.now()
  const documents = new Map<View, Map<string, unknown>>(views.map((view) => [view, new Map()]))
  for await (const event of headwater.events({ types: [Deposited] })) {
    if (event.id === omitted) continue
    for (const [view, known] of documents) put(view, known, event)
  }
  return performance.now() - begin
}

function put(view: View, documents: Map<string, unknown>, event: RecordedEvent): void {
  for (const key of view.keysOf(event)) {
    documents.set(key, view.fold(documents.get(key) ?? view.initial(key), event, key))
  }
}
