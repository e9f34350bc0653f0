import type { AppendRequest, AppendResult, EventRow, Log, Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

type Request = (request: AppendRequest) => AppendRequest

/** Changes every request before it is appended. */
function requests(change: Request): Fault['plant'] {
  return (store) => spoilt(store, 'log', { append: (given) => store.log.append(given.map(change)) })
}

/** Changes the rows of every page of the log. */
function rows(change: (events: readonly EventRow[]) => readonly EventRow[]): Fault['plant'] {
  return (store) =>
    spoilt(store, 'log', {
      read: async (query) => {
        const page = await store.log.read(query)
        return { ...page, events: change(page.events) }
      },
    })
}

const anyRevision: Request = (request) => ({
  ...request,
  streams: request.streams.map((part) => ({ ...part, expected: 'any' })),
})

/** What a check before the append finds, as a store does that checks outside of its transaction. */
async function conflictOf(
  log: Log,
  { branch, tenant, streams }: AppendRequest,
): Promise<AppendResult | undefined> {
  for (const { stream, expected } of streams) {
    const { revision: actual } = await log.readStream({ branch, tenant, stream, after: 0, limit: 1 })
    const holds =
      expected === 'any' ||
      (expected === 'none' ? actual === 0 : expected === 'exists' ? actual > 0 : expected === actual)
    if (!holds) return { status: 'conflict', stream, expected, actual }
  }
  return undefined
}

async function checkedBefore(
  store: Store,
  given: readonly AppendRequest[],
): Promise<readonly AppendResult[]> {
  const conflicts = await Promise.all(given.map((request) => conflictOf(store.log, request)))
  const results = await store.log.append(
    given.filter((_, index) => conflicts[index] === undefined).map(anyRevision),
  )
  const rest = [...results]
  return conflicts.map((conflict) => conflict ?? rest.shift() ?? { status: 'duplicate' })
}

export const logFaults: readonly Fault[] = [
  {
    name: 'a listener is told of what is still to come',
    plant: (store) =>
      spoilt(store, 'log', {
        onAppended: (listener) => store.log.onAppended((to) => listener(to === undefined ? to : to + 1)),
      }),
    foundBy: ['a position that a listener is told has been reached'],
  },
  {
    name: 'an event is missing from the log',
    plant: rows((events) => events.filter(({ position }) => position !== 3)),
    foundBy: [
      'positions are dense over streams and requests',
      'readers that chase racing writers read every position, in order, with no gap',
      'pages of any size give the whole log',
    ],
  },
  {
    name: 'positions have a gap',
    plant: rows((events) =>
      events.map((event) => (event.position < 3 ? event : { ...event, position: event.position + 1 })),
    ),
    foundBy: [
      'positions are dense over streams and requests',
      'readers that chase racing writers read every position, in order, with no gap',
    ],
  },
  {
    name: 'an event is given twice',
    plant: rows((events) => events.flatMap((event) => (event.position === 3 ? [event, event] : [event]))),
    foundBy: [
      'positions are dense over streams and requests',
      'readers that chase racing writers read every position, in order, with no gap',
    ],
  },
  {
    name: 'a later event can be read before an earlier one',
    plant: (store) => {
      let delayed: number | undefined
      return spoilt(store, 'log', {
        read: async (query) => {
          const page = await store.log.read(query)
          const last = page.events.at(-1)
          // Of a page that ends at the head the event before the last is not visible at first, as if it were committed later.
          if (page.events.length < 2 || last?.position !== page.head || delayed === page.head) return page
          delayed = page.head
          return { ...page, events: page.events.toSpliced(-2, 1) }
        },
      })
    },
    foundBy: ['readers that chase racing writers read every position, in order, with no gap'],
  },
  {
    name: 'an append is acknowledged and never recorded',
    plant: (store) => {
      let calls = 0
      return spoilt(store, 'log', {
        append: (given) =>
          store.log.append(
            ++calls % 10 === 0 ? given.map((request) => ({ ...request, streams: [] })) : given,
          ),
      })
    },
    foundBy: ['readers that chase racing writers read every position, in order, with no gap'],
  },
  {
    name: 'expected revisions are checked before the append, not in it',
    plant: (store) => spoilt(store, 'log', { append: (given) => checkedBefore(store, given) }),
    foundBy: [
      'one of 64 racing creators of a stream wins',
      'one of 64 creators of a stream in one append wins',
      'of two creators of a stream in one append the first one wins',
      'racing increments at an expected revision lose no update',
      'any history gets the answers that the reference gives, and leaves the same behind',
    ],
  },
  {
    name: 'a number beyond the end is taken for any revision',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async ([request]) => {
          const conflict = request && (await conflictOf(store.log, request))
          const isBeyond = conflict?.status === 'conflict' && Number(conflict.expected) > conflict.actual
          return store.log.append(request ? [isBeyond ? anyRevision(request) : request] : [])
        },
      }),
    foundBy: [
      'a number conflicts with a stream that has not come so far',
      'a number conflicts with a stream without events',
    ],
  },
  {
    name: '‘exists’ is not enforced',
    plant: requests((request) => ({
      ...request,
      streams: request.streams.map((part) =>
        part.expected === 'exists' ? { ...part, expected: 'any' } : part,
      ),
    })),
    foundBy: [
      '‘exists’ conflicts with a stream without events',
      'without events: ‘exists’ conflicts with a stream without events',
    ],
  },
  {
    name: 'each stream of a request is appended by itself',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async (given) => {
          const results: AppendResult[] = []
          for (const request of given) {
            const parts = await store.log.append(
              request.streams.map((part) => ({ ...request, streams: [part] })),
            )
            const failed = parts.find(({ status }) => status !== 'appended')
            results.push(failed ?? parts[0] ?? { status: 'duplicate' })
          }
          return results
        },
      }),
    foundBy: [
      'a conflict on one stream of a request records nothing on the others',
      'racing appends to several streams are recorded whole or not at all',
    ],
  },
  {
    name: 'a conflict in one request refuses the whole append',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async (given) => {
          const conflicts = await Promise.all(given.map((request) => conflictOf(store.log, request)))
          const first = conflicts.find((conflict) => conflict !== undefined)
          return first === undefined ? store.log.append(given) : given.map(() => first)
        },
      }),
    foundBy: ['a conflict in one request leaves the others of the append untouched'],
  },
  {
    name: 'requests are recorded in another order than they came in',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async (given) => (await store.log.append(given.toReversed())).toReversed(),
      }),
    foundBy: ['events stand in the log in the order of the requests, then of their streams'],
  },
  {
    name: 'conditions are not checked',
    plant: requests((request) => ({ ...request, conditions: [] })),
    foundBy: [
      'a condition fails because of an event of the type',
      'one of 64 racing appends under a condition on one tag wins',
    ],
  },
  {
    name: 'conditions are checked before the append, not in it',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async ([request]) => {
          if (request === undefined) return []
          const { branch, tenant, conditions } = request
          for (const { query, after } of conditions) {
            const page = await store.log.read({ branch, tenant, after, limit: 1, query })
            const position = page.events[0]?.position
            if (position !== undefined) return [{ status: 'condition-failed', position }]
          }
          return store.log.append([{ ...request, conditions: [] }])
        },
      }),
    foundBy: ['one of 64 racing appends under a condition on one tag wins'],
  },
  {
    name: 'conditions begin one position too late',
    plant: requests((request) => ({
      ...request,
      conditions: request.conditions.map((condition) => ({ ...condition, after: condition.after + 1 })),
    })),
    foundBy: ['a condition fails because of an event right after the position that was read'],
  },
  {
    name: 'an event that has one of several tags matches',
    plant: requests((request) => ({
      ...request,
      conditions: request.conditions.map(({ query, after }) => ({
        after,
        query: {
          items: query.items.flatMap((item) => (item.tags ?? []).map((tag) => ({ ...item, tags: [tag] }))),
        },
      })),
    })),
    foundBy: ['a condition holds where no single event has all of the tags'],
  },
  {
    name: 'tenants share their streams',
    plant: (store) =>
      spoilt(store, 'log', {
        append: (given) => store.log.append(given.map((request) => ({ ...request, tenant: '' }))),
        readStream: (query) => store.log.readStream({ ...query, tenant: '' }),
      }),
    foundBy: ['a stream of one tenant or branch is not the stream of that name of another'],
  },
  {
    name: 'a page of one tenant holds another’s events',
    plant: (store) =>
      spoilt(store, 'log', { read: (query) => store.log.read({ ...query, tenant: undefined }) }),
    foundBy: ['a filter by tenant gives its events and no other’s'],
  },
  {
    name: 'branches share one log',
    plant: (store) =>
      spoilt(store, 'log', {
        append: (given) => store.log.append(given.map((request) => ({ ...request, branch: 0 }))),
        read: (query) => store.log.read({ ...query, branch: 0 }),
        head: () => store.log.head(0),
      }),
    foundBy: ['each branch has positions of its own', 'a page of one branch holds no event of another'],
  },
  {
    name: 'recorded times follow a clock that goes backwards',
    plant: (store, now) => {
      const times = new Map<string, number>()
      return spoilt(store, 'log', {
        append: (given) => {
          for (const { commandId } of given) times.set(commandId, now())
          return store.log.append(given)
        },
        read: async (query) => {
          const page = await store.log.read(query)
          const events = page.events.map((event) => ({
            ...event,
            recordedAt: times.get(event.commandId) ?? 0,
          }))
          return { ...page, events }
        },
      })
    },
    foundBy: [
      'the recorded time stands still while the clock runs backwards',
      'any history with any clock has the recorded times of the reference',
    ],
  },
  {
    name: 'a page says that it was scanned to the head when it was not',
    plant: (store) =>
      spoilt(store, 'log', {
        read: async (query) => {
          const page = await store.log.read(query)
          return { ...page, scannedTo: page.head }
        },
      }),
    foundBy: ['pages of any size give the whole log', 'a filter by types gives their events and no others'],
  },
  {
    name: 'a page without matches does not go on',
    plant: (store) =>
      spoilt(store, 'log', {
        read: async (query) => {
          const page = await store.log.read(query)
          return { ...page, scannedTo: page.events.at(-1)?.position ?? query.after }
        },
      }),
    foundBy: ['a filter that leaves out the end of the log says that it was looked at'],
  },
  {
    name: 'streams are listed in the order of UTF-16',
    plant: (store) =>
      spoilt(store, 'log', {
        listStreams: async (query) =>
          (await store.log.listStreams(query)).toSorted((one, other) => (one.stream < other.stream ? -1 : 1)),
      }),
    foundBy: ['streams are listed in the order of their names’ code points'],
  },
  {
    name: 'bytes are stored as text',
    plant: requests((request) => ({
      ...request,
      streams: request.streams.map((part) => ({
        ...part,
        events: part.events.map((event) => ({ ...event, data: Buffer.from(event.data).toString() })),
      })),
    })),
    foundBy: ['text comes back as text and bytes as bytes'],
  },
  {
    name: 'a repeated command is recorded again',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async (given) => {
          const results = await store.log.append(given)
          const again = given.filter((_, index) => results[index]?.status === 'duplicate')
          await store.log.append(again.map((request) => ({ ...request, command: null })))
          return results
        },
      }),
    foundBy: [
      'a command id that was handled is answered as a duplicate and has no effect',
      'one of 64 racing repeats of a command id is recorded',
      'any history gets the answers that the reference gives, and leaves the same behind',
    ],
  },
  {
    name: 'a command id is looked up before the append, not in it',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async ([request]) => {
          if (request === undefined) return []
          const { branch, tenant, commandId } = request
          if (await store.commands.find(branch, tenant, commandId)) return [{ status: 'duplicate' }]
          const [result] = await store.log.append([request])
          return result?.status === 'duplicate'
            ? store.log.append([{ ...request, command: null }])
            : [result ?? { status: 'duplicate' }]
        },
      }),
    foundBy: ['one of 64 racing repeats of a command id is recorded'],
  },
  {
    name: 'events at positions are missing where they are many',
    plant: (store) =>
      spoilt(store, 'log', {
        readAt: (query) =>
          store.log.readAt({ ...query, positions: query.positions.filter((one) => one % 7 !== 0) }),
      }),
    foundBy: [
      'the events at positions are those that the log has there, in order',
      'large events at positions come in pieces, none of them missing',
      'a thousand positions are read at once',
    ],
  },
  {
    name: 'what is not at a position is replaced by its neighbour',
    plant: (store) =>
      spoilt(store, 'log', {
        readAt: async ({ branch, positions }) => {
          const { position: head } = await store.log.head(branch)
          const clamped = [...new Set(positions.map((position) => Math.min(position, head)))]
          return store.log.readAt({ branch, positions: clamped.filter((position) => position > 0) })
        },
      }),
    foundBy: ['what is not at a position is left out'],
  },
]
