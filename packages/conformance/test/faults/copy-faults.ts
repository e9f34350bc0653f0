import type { AppendRequest } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

/** Without its time a request is recorded now. */
function withoutTime(request: AppendRequest): AppendRequest {
  const { recordedAt, ...rest } = request
  return recordedAt === undefined ? request : rest
}

/** The times that were asked for, by position, whatever was recorded before. */
function timesAsAsked(): Fault['plant'] {
  return (store) => {
    const asked = new Map<number, number>()
    return spoilt(store, 'log', {
      append: async (given) => {
        const results = await store.log.append(given)
        for (const [index, result] of results.entries()) {
          const time = given[index]?.recordedAt
          if (result.status === 'appended' && result.position !== undefined && time !== undefined)
            asked.set(result.position, time)
        }
        return results
      },
      read: async (query) => {
        const page = await store.log.read(query)
        const events = page.events.map((event) => ({
          ...event,
          recordedAt: asked.get(event.position) ?? event.recordedAt,
        }))
        return { ...page, events }
      },
    })
  }
}

export const copyFaults: readonly Fault[] = [
  {
    name: 'a copy is recorded now',
    plant: (store) => spoilt(store, 'log', { append: (given) => store.log.append(given.map(withoutTime)) }),
    foundBy: [
      'a copy keeps the time at which it was recorded, and its command the time of its decision',
      'a rejection that is copied keeps the time of its decision',
      'copies of one append keep a time each, and it never goes backwards',
      'a copy that was recorded at no time fails alone',
    ],
  },
  {
    name: 'copies take recorded times backwards',
    plant: timesAsAsked(),
    foundBy: ['copies of one append keep a time each, and it never goes backwards'],
  },
  {
    name: 'the time of a copy stays for all that comes after it',
    plant: (store) => {
      let last: number | undefined
      return spoilt(store, 'log', {
        append: (given) =>
          store.log.append(
            given.map((request) => {
              last = request.recordedAt ?? last
              return last === undefined ? request : { ...request, recordedAt: last }
            }),
          ),
      })
    },
    foundBy: ['what is appended after a copy has the clock’s time, or the copy’s where that is later'],
  },
]
