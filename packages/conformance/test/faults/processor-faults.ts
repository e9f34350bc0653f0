import { arranged, type ProgressCommit, type Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

function without<Given extends object, Key extends keyof Given>(given: Given, key: Key): Omit<Given, Key> {
  const { [key]: _left, ...rest } = given
  return rest
}

/** Changes what is committed. */
function commits(
  change: (commit: ProgressCommit, store: Store) => ProgressCommit | Promise<ProgressCommit>,
): Fault['plant'] {
  return (store) =>
    spoilt(store, 'progress', {
      commit: async (commit) => store.progress.commit(await change(commit, store)),
    })
}

/** Gives a commit the generation that its partition has now. */
async function refreshed(commit: ProgressCommit, store: Store): Promise<ProgressCommit> {
  const { partition } = commit
  if (partition === undefined) return commit
  const partitions = await store.progress.partitions(commit.processor, commit.branch)
  const now = partitions.find(({ first }) => first === partition.first)
  return now === undefined
    ? commit
    : { ...commit, partition: { first: now.first, last: now.last, generation: now.generation } }
}

const slotsKept = 'how far a slot has come is not changed by any cutting and joining'
const told = 'parked sequences are told with their first event and how many there are'
const inPages = 'parked sequences are listed page by page, of some slots, of one tenant'
const asRead = 'a commit that unparks what was edited or dropped since it was read writes nothing'
const dropping = 'dropping takes the first events of a sequence, leaves results, and asks for what is behind'

export const partitionFaults: readonly Fault[] = [
  {
    name: 'the processor stands where its first partition does',
    plant: (store) =>
      spoilt(store, 'progress', {
        checkpoint: async (processor, branch) =>
          (await store.progress.partitions(processor, branch))[0]?.checkpoint,
      }),
    foundBy: ['a commit moves its own partition; the processor stands where the last of them does'],
  },
  {
    name: 'a commit for a partition that was cut or moved is taken for its successor',
    plant: commits(refreshed),
    foundBy: [
      'a commit for a partition of another generation is fenced and writes nothing',
      'a commit for a partition that was cut since is fenced, one for another is not',
      'a commit for a partition that was cut and joined again is fenced',
      'moving a processor sends all of its partitions there, and forgets what is parked beyond',
    ],
  },
  {
    name: 'joined partitions go on from the one that is ahead',
    plant: (store) =>
      spoilt(store, 'progress', {
        partitions: async (...given) =>
          (await store.progress.partitions(...given)).map((partition) => {
            const [further] = partition.ahead
            return further === undefined
              ? partition
              : { ...partition, checkpoint: further.checkpoint, ahead: [] }
          }),
      }),
    foundBy: [slotsKept, 'a partition is split and merged where it stands'],
  },
  {
    name: 'joined partitions forget who is ahead',
    plant: (store) =>
      spoilt(store, 'progress', {
        partitions: async (...given) =>
          (await store.progress.partitions(...given)).map((partition) => ({ ...partition, ahead: [] })),
      }),
    foundBy: [slotsKept, 'a partition is split and merged where it stands'],
  },
  {
    name: 'an arrangement of whatever partitions there are is made',
    plant: (store) =>
      spoilt(store, 'progress', {
        arrange: async (arrangement, act) => {
          const { processor, branch } = arrangement
          const expected = await store.progress.partitions(processor, branch)
          return store.progress.arrange({ ...arrangement, expected }, act)
        },
      }),
    foundBy: ['an arrangement of other partitions than were read changes nothing'],
  },
  {
    name: 'partitions are not checked before they are made',
    plant: (store) =>
      spoilt(store, 'progress', {
        arrange: async (arrangement, act) => {
          try {
            arranged([], arrangement.ranges)
          } catch {
            return false
          }
          return store.progress.arrange(arrangement, act)
        },
      }),
    foundBy: ['partitions that leave slots out are refused', 'partitions that end early are refused'],
  },
  {
    name: 'beginning again begins again',
    plant: (store) =>
      spoilt(store, 'progress', {
        begin: async (beginning) => {
          await store.progress.reset(beginning.processor, beginning.branch)
          for (let index = 0; index < 2; index += 1) await store.progress.begin(beginning)
          const partitions = await store.progress.partitions(beginning.processor, beginning.branch)
          const [first] = partitions
          if (first === undefined) return
          const { processor, branch, ranges } = beginning
          await store.progress.arrange({ processor, branch, ranges, expected: partitions }, undefined)
        },
      }),
    foundBy: ['of 8 who begin a processor at once one does'],
  },
  {
    name: 'moving a processor keeps what is parked beyond',
    plant: (store) =>
      spoilt(store, 'progress', {
        move: async (move, act) => {
          const { processor, branch } = move
          const parked = await store.parking.list({ processor, branch, limit: 100 })
          const isMoved = await store.progress.move(move, act)
          const lease = await store.leases.acquire('totals', 'one', 60_000)
          const [partition] = await store.progress.partitions(processor, branch)
          if (lease === undefined || partition === undefined) return isMoved
          const nothing = { checkpoint: undefined, documents: [], unpark: [] }
          await store.progress.commit({ processor, branch, lease, partition, park: parked, ...nothing })
          return isMoved
        },
      }),
    foundBy: ['moving a processor sends all of its partitions there, and forgets what is parked beyond'],
  },
]

export const parkingFaults: readonly Fault[] = [
  {
    name: 'sequences are told by the event that was parked last',
    plant: (store) =>
      spoilt(store, 'parking', {
        sequences: async (query) =>
          Promise.all(
            (await store.parking.sequences(query)).map(async (sequence) => {
              const { processor, branch } = query
              const events = await store.parking.list({ processor, branch, ...sequence, limit: 1_000 })
              return { ...sequence, position: events.at(-1)?.position ?? 0 }
            }),
          ),
      }),
    foundBy: [told],
  },
  {
    name: 'a page of sequences begins with the last of the page before',
    plant: (store) =>
      spoilt(store, 'parking', {
        sequences: async ({ after, ...query }) => {
          if (after === undefined) return store.parking.sequences(query)
          const all = await store.parking.sequences({ ...query, limit: 1_000 })
          const at = all.findIndex(
            ({ tenant, sequence }) => tenant === after.tenant && sequence === after.sequence,
          )
          return all.slice(at, at + query.limit)
        },
      }),
    foundBy: [inPages],
  },
  {
    name: 'a tenant’s sequences are those of all tenants',
    plant: (store) =>
      spoilt(store, 'parking', {
        sequences: (query) => store.parking.sequences(without(query, 'tenant')),
        list: (query) => store.parking.list(without(query, 'tenant')),
      }),
    foundBy: [inPages, 'parked events are listed by processor, tenant and sequence'],
  },
  {
    name: 'an edit overwrites the edit that was faster',
    plant: (store) =>
      spoilt(store, 'parking', {
        edit: async (edit, act) => {
          const { processor, branch, tenant, sequence, position } = edit
          const list = { processor, branch, tenant, sequence, after: position - 1, limit: 1 }
          const [event] = await store.parking.list(list)
          return store.parking.edit({ ...edit, edits: event?.edits ?? 0 }, act)
        },
      }),
    foundBy: ['an edit of what was edited since it was read, or is not parked, changes nothing'],
  },
  {
    name: 'a commit unparks without a look at edits',
    plant: commits((commit) => ({
      ...commit,
      unpark: commit.unpark.map((place) => without(place, 'edits')),
    })),
    foundBy: [asRead],
  },
  {
    name: 'a drop takes all of the sequence at once',
    plant: (store) =>
      spoilt(store, 'parking', {
        drop: (drop, act) => store.parking.drop({ ...drop, to: Number.MAX_SAFE_INTEGER, limit: 1_000 }, act),
      }),
    foundBy: [dropping],
  },
  {
    name: 'what is behind a dropped event is left where it is',
    plant: (store) => spoilt(store, 'parking', { asked: async () => [] }),
    foundBy: [dropping, 'sequences that are asked for are told in this order until they are answered'],
  },
  {
    name: 'an answered sequence is asked for again and again',
    plant: commits((commit) => without(commit, 'answered')),
    foundBy: ['sequences that are asked for are told in this order until they are answered'],
  },
  {
    name: 'what waits behind replaces what failed',
    plant: commits((commit) => ({
      ...commit,
      park: commit.park.map((event) => ({ ...event, attempts: Math.max(1, event.attempts) })),
    })),
    foundBy: ['parking an event as one that was not tried changes nothing where it is parked'],
  },
]

export const resultFaults: readonly Fault[] = [
  {
    name: 'results are not kept',
    plant: commits((commit) => without(commit, 'results')),
    foundBy: ['results come back as they were committed'],
  },
  {
    name: 'results are told of all tenants',
    plant: (store) =>
      spoilt(store, 'results', { list: (query) => store.results.list(without(query, 'tenant')) }),
    foundBy: ['results are listed by position: all, of an event, of a processor, of a tenant'],
  },
]

export const controlFaults: readonly Fault[] = [
  {
    name: 'a pause is kept for good',
    plant: (store) => spoilt(store, 'controls', { resume: async () => undefined }),
    foundBy: ['a paused processor is paused until it is resumed, and says by whom and why'],
  },
  {
    name: 'a job is ended by all who end it',
    plant: (store) =>
      spoilt(store, 'controls', {
        endReprocessing: async (...given) => {
          await store.controls.endReprocessing(...given)
          return true
        },
      }),
    foundBy: ['of 8 who end a job at once one does'],
  },
  {
    name: 'a processor is paused on all branches',
    plant: (store) =>
      spoilt(store, 'controls', {
        pause: (processor, _branch, act) => store.controls.pause(processor, 0, act),
      }),
    foundBy: ['a paused processor is paused until it is resumed, and says by whom and why'],
  },
  {
    name: 'nobody hears of a retry',
    plant: (store) => {
      let unheard = 0
      const parking = spoilt(store, 'parking', {
        ask: async (...given) => {
          unheard += 1
          return store.parking.ask(...given)
        },
      })
      return spoilt(parking, 'controls', {
        list: async (branch) =>
          (await store.controls.list(branch)).map((control) => ({
            ...control,
            changes: control.changes - unheard,
          })),
      })
    },
    foundBy: ['whatever is said about a processor can be noticed'],
  },
]

export const processorFaults = [...partitionFaults, ...parkingFaults, ...resultFaults, ...controlFaults]
