import { type AppendRequest, unstorableIn } from '@headwater/core'

/** What is wrong with a request that PostgreSQL could not hold as it is; undefined: nothing that shows before. */
export function faultOf(request: AppendRequest): Error | undefined {
  const { recordedAt, streams } = request
  if (recordedAt !== undefined && !Number.isSafeInteger(recordedAt))
    return new TypeError('The append was recorded at no time')
  for (const { stream, events } of streams) {
    for (const { type, version, occurredAt } of events) {
      if (!Number.isSafeInteger(occurredAt))
        return new TypeError(`Event ${type} of ${stream} occurred at no time`)
      if (!isInteger(version)) return new TypeError(`Event ${type} of ${stream} has no version`)
    }
  }
  return unstorableIn(request)
}

function isInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31
}
