import type { Catalog, Envelope, ParkedEvent, ProcessingResult, ProcessorSummary } from '@headwater/client'
import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** What one processor has made of an event. */
export interface Processed {
  readonly processor: ProcessorSummary
  /** Only where there is more to tell than that it was processed. */
  readonly result: ProcessingResult | undefined
  readonly parked: ParkedEvent | undefined
}

/** The processors that an event concerns, by what the catalog says of it. */
export function concernedBy(
  catalog: Catalog | undefined,
  processors: readonly ProcessorSummary[],
  type: string,
): readonly ProcessorSummary[] {
  const contexts = catalog?.contexts ?? []
  const all = contexts.flatMap(({ views, subscriptions }) => [...views, ...subscriptions])
  const names = new Set(all.filter(({ events }) => events.includes(type)).map(({ name }) => name))
  return processors.filter(({ name }) => names.has(name))
}

export const eventProcessingQuery = (event: Envelope, concerned: readonly ProcessorSummary[]) =>
  queryOptions({
    queryKey: [
      'processed',
      event.id,
      concerned.map(({ name, position, parked }) => [name, position, parked]),
    ],
    queryFn: ({ signal }) =>
      Promise.all(
        concerned.map(async (processor): Promise<Processed> => {
          const desk = client.processor(processor.name)
          const here = { after: event.position - 1, limit: 1, signal }
          const [results, parked] = await Promise.all([
            desk.results(here),
            processor.parked > 0 ? desk.parked.list(here) : [],
          ])
          const isHere = ({ position }: { readonly position: number }) => position === event.position
          return { processor, result: results.find(isHere), parked: parked.find(isHere) }
        }),
      ),
    placeholderData: (before) => before,
  })
