import type { AppendRequest, Store } from '@headwater/core'
import { togetherOf } from '@headwater/core/port'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

const together =
  (
    appendTogether: (
      store: Store,
      requests: readonly AppendRequest[],
    ) => ReturnType<Store['log']['appendTogether']>,
  ): Fault['plant'] =>
  (store) =>
    spoilt(store, 'log', { appendTogether: (requests) => appendTogether(store, requests) })

export const togetherFaults: readonly Fault[] = [
  {
    name: 'what belongs together is recorded as far as it can be',
    plant: together(async ({ log }, requests) => togetherOf(await log.append(requests))),
    foundBy: ['of requests that belong together none is recorded where one is refused'],
  },
  {
    name: 'what belongs together is recorded one by one',
    plant: together(async ({ log }, requests) => {
      const results = []
      for (const request of requests) results.push(...(await log.append([request])))
      return togetherOf(results)
    }),
    foundBy: ['no writer comes between requests that belong together'],
  },
  {
    name: 'what belongs together is refused as the first one',
    plant: together(async ({ log }, requests) => {
      const result = await log.appendTogether(requests)
      return result.status === 'refused' ? { ...result, index: 0 } : result
    }),
    foundBy: ['of requests that belong together none is recorded where one is refused'],
  },
]
