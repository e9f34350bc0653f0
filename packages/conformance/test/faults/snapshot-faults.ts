import type { Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

/** Saves each row after what stands in its way was dropped: the last one to come wins. */
const lastOneWins: Fault['plant'] = (store) => {
  let turn: Promise<unknown> = Promise.resolve()
  const save: Store['snapshots']['save'] = async (rows) => {
    for (const { branch, tenant, stream } of rows) await store.snapshots.drop({ branch, tenant, stream })
    await store.snapshots.save(rows)
  }
  return spoilt(store, 'snapshots', { save: (rows) => (turn = turn.then(() => save(rows))) as Promise<void> })
}

const oneHash: Fault['plant'] = (store) =>
  spoilt(store, 'snapshots', {
    save: (rows) => store.snapshots.save(rows.map((row) => ({ ...row, hash: 'code' }))),
  })

const oneEpoch: Fault['plant'] = (store) =>
  spoilt(store, 'snapshots', {
    save: (rows) => store.snapshots.save(rows.map((row) => ({ ...row, epoch: 'epoch' }))),
  })

export const snapshotFaults: readonly Fault[] = [
  {
    name: 'the last snapshot to come is kept, whatever its revision',
    plant: lastOneWins,
    foundBy: [
      'a late snapshot of an earlier revision changes nothing',
      'of racing snapshots of one stream the one of the latest revision stays',
    ],
  },
  {
    name: 'snapshots of changed code are taken for those of the same code',
    plant: oneHash,
    foundBy: ['what other code folded is replaced, whatever its revision'],
  },
  {
    name: 'snapshots of another history are taken for those of this one',
    plant: oneEpoch,
    foundBy: ['a snapshot of another history is replaced, whatever its revision'],
  },
  {
    name: 'tenants share their snapshots',
    plant: (store) =>
      spoilt(store, 'snapshots', {
        save: (rows) => store.snapshots.save(rows.map((row) => ({ ...row, tenant: '' }))),
        find: (branch, _tenant, stream) => store.snapshots.find(branch, '', stream),
      }),
    foundBy: ['a snapshot of one tenant or branch is not that of a stream of the same name of another'],
  },
  {
    name: 'a state of bytes comes back as text',
    plant: (store) =>
      spoilt(store, 'snapshots', {
        find: async (...given) => {
          const row = await store.snapshots.find(...given)
          return row && { ...row, state: typeof row.state === 'string' ? row.state : String(row.state) }
        },
      }),
    foundBy: ['a snapshot is found as it was saved, its state as text or as bytes'],
  },
  {
    name: 'a page of snapshots begins with the last one of the page before',
    plant: (store) =>
      spoilt(store, 'snapshots', {
        list: async (query) => {
          const page = await store.snapshots.list(query)
          const all = await store.snapshots.list({ ...query, after: undefined, limit: 1_000 })
          const last = all.find(
            ({ tenant, stream }) => tenant === query.after?.tenant && stream === query.after.stream,
          )
          return last === undefined ? page : [last, ...page].slice(0, query.limit + 1)
        },
      }),
    foundBy: ['snapshots are listed by tenant and stream, each once, in pages of any size'],
  },
  {
    name: 'dropping goes by the prefix of a stream',
    plant: (store) =>
      spoilt(store, 'snapshots', {
        drop: ({ branch, tenant, stream, prefix }) =>
          store.snapshots.drop({ branch, tenant, prefix: (stream ?? prefix ?? '').replace(/-.*$/, '') }),
      }),
    foundBy: ['dropping forgets the snapshots that it names and no others'],
  },
]

/** Publishes for whoever asks. */
function withoutFence(store: Store): Store {
  return spoilt(store, 'images', {
    publish: async (head) => {
      const lease = await store.leases.acquire(`${head.image}/anybody`, 'anybody', 60_000)
      if (lease !== undefined) await store.images.publish(head, lease)
    },
  })
}

export const imageFaults: readonly Fault[] = [
  {
    name: 'images are published without a look at the lease',
    plant: withoutFence,
    foundBy: ['publishing an image without its lease is refused and changes nothing'],
  },
  {
    name: 'parts that are added make a snapshot',
    plant: (store) =>
      spoilt(store, 'images', {
        add: async (parts) => {
          await store.images.add(parts)
          const lease = await store.leases.acquire('anything', 'anybody', 60_000)
          const [part] = parts
          if (lease === undefined || part === undefined) return
          const { image, branch, generation: id } = part
          const [hash, epoch, eventId] = ['h', 'e', 'c.1']
          const generations = [{ id, parts: parts.length, entries: 1 }]
          await store.images.publish(
            { image, branch, hash, epoch, position: 1, eventId, generations, takenAt: 0 },
            lease,
          )
        },
      }),
    foundBy: ['an image of which none was published has no snapshot, whatever parts there are'],
  },
  {
    name: 'a further generation is kept only where it goes further',
    plant: (store) =>
      spoilt(store, 'images', {
        publish: async (head, lease) => {
          const known = await store.images.find(head.image, head.branch)
          if (known === undefined || known.position < head.position) await store.images.publish(head, lease)
        },
      }),
    foundBy: ['what is published takes the place of what was, also where it stands before it'],
  },
  {
    name: 'pruning takes the published generations along',
    plant: (store) =>
      spoilt(store, 'images', {
        prune: (image, branch, _keep, limit) => store.images.prune(image, branch, [], limit),
      }),
    foundBy: ['pruning leaves the generations that are named, and stops at its limit'],
  },
  {
    name: 'pruning takes all at once',
    plant: (store) =>
      spoilt(store, 'images', {
        prune: (image, branch, keep) => store.images.prune(image, branch, keep, 1_000),
      }),
    foundBy: ['pruning leaves the generations that are named, and stops at its limit'],
  },
  {
    name: 'branches share their images',
    plant: (store) =>
      spoilt(store, 'images', {
        publish: (head, lease) => store.images.publish({ ...head, branch: 0 }, lease),
        find: (image) => store.images.find(image, 0),
      }),
    foundBy: ['images and branches have nothing of each other'],
  },
  {
    name: 'parts come in the order in which they were added',
    plant: (store) => {
      const added: Parameters<Store['images']['add']>[0][number][] = []
      return spoilt(store, 'images', {
        add: async (parts) => void added.push(...parts),
        parts: async ({ generation, after, limit }) =>
          added.filter((part) => part.generation === generation && part.number > after).slice(0, limit),
      })
    },
    foundBy: ['parts come as they were added, in the order of their numbers, in pages of any size'],
  },
]
