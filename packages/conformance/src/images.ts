import assert from 'node:assert/strict'
import { isHeadwaterError, type ImageHead, type ImagePart, type Lease, type Store } from '@headwater/core'
import { law } from './law.ts'

const minute = 60_000

async function leaseOf(store: Store, owner = 'one'): Promise<Lease> {
  const lease = await store.leases.acquire('image:stock', owner, minute)
  assert.ok(lease)
  return lease
}

export function aPart(generation: string, number: number, parts: Partial<ImagePart> = {}): ImagePart {
  return {
    image: 'stock',
    branch: 0,
    generation,
    number,
    tenant: '',
    table: 'items',
    data: `["${generation}",${number}]`,
    ...parts,
  }
}

/** @param generations their ids and how many parts each has */
export function aHead(position: number, generations: Readonly<Record<string, number>>): ImageHead {
  return {
    image: 'stock',
    branch: 0,
    hash: 'code-1',
    epoch: 'epoch-1',
    position,
    eventId: `command-${position}.1`,
    generations: Object.entries(generations).map(([id, parts]) => ({ id, parts, entries: parts })),
    takenAt: 1_700_000_000_000,
  }
}

async function partsOf(
  store: Store,
  generation: string,
  image = 'stock',
  branch = 0,
): Promise<readonly ImagePart[]> {
  return store.images.parts({ image, branch, generation, after: 0, limit: 1_000 })
}

async function countOf(store: Store, generation: string): Promise<number> {
  return (await partsOf(store, generation)).length
}

export const imageLaws = [
  law('an image of which none was published has no snapshot, whatever parts there are', async (trial) => {
    const store = await trial.open()
    assert.equal(await store.images.find('stock', 0), undefined)
    await store.images.add([aPart('a', 1)])
    assert.equal(await store.images.find('stock', 0), undefined)
  }),

  law('an image’s snapshot is found as it was published', async (trial) => {
    const store = await trial.open()
    await store.images.publish(aHead(7, { a: 2, b: 1 }), await leaseOf(store))
    assert.deepEqual({ ...(await store.images.find('stock', 0)) }, aHead(7, { a: 2, b: 1 }))
  }),

  law('what is published takes the place of what was, also where it stands before it', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.images.publish(aHead(7, { a: 2 }), lease)
    await store.images.publish(aHead(3, { b: 1 }), lease)
    assert.deepEqual({ ...(await store.images.find('stock', 0)) }, aHead(3, { b: 1 }))
  }),

  law('publishing an image without its lease is refused and changes nothing', async (trial) => {
    const store = await trial.open()
    const lost = await leaseOf(store, 'one')
    await store.images.publish(aHead(1, { a: 1 }), lost)
    await store.leases.release(lost)
    await leaseOf(store, 'two')
    await assert.rejects(
      async () => store.images.publish(aHead(9, { b: 1 }), lost),
      (error) => isHeadwaterError(error, 'processor.fenced'),
    )
    assert.equal((await store.images.find('stock', 0))?.position, 1)
  }),

  law('parts come as they were added, in the order of their numbers, in pages of any size', async (trial) => {
    const store = await trial.open()
    const parts = [
      aPart('a', 1),
      aPart('a', 2, { data: Uint8Array.of(0, 255), tenant: 'north', table: 'orders' }),
      ...[3, 4, 5].map((number) => aPart('a', number)),
    ]
    await store.images.add(parts.slice(3))
    await store.images.add([...parts.slice(0, 3), aPart('b', 1)])
    for (const limit of [1, 2, 1_000]) {
      const found: ImagePart[] = []
      for (;;) {
        const after = found.at(-1)?.number ?? 0
        const page = await store.images.parts({ image: 'stock', branch: 0, generation: 'a', after, limit })
        found.push(...page)
        if (page.length < limit || found.length > parts.length) break
      }
      assert.deepEqual(
        found.map((part) => ({ ...part })),
        parts,
      )
    }
  }),

  law('images and branches have nothing of each other', async (trial) => {
    const store = await trial.open()
    const lease = await leaseOf(store)
    await store.images.add([aPart('a', 1), aPart('a', 1, { branch: 7 }), aPart('a', 1, { image: 'prices' })])
    await store.images.publish(aHead(1, { a: 1 }), lease)
    await store.images.publish({ ...aHead(2, { a: 1 }), branch: 7 }, lease)
    assert.equal((await store.images.find('stock', 0))?.position, 1)
    assert.equal((await store.images.find('stock', 7))?.position, 2)
    assert.equal(await store.images.find('prices', 0), undefined)
    assert.equal(await store.images.prune('stock', 0, [], 100), 1)
    assert.equal((await partsOf(store, 'a', 'stock', 7)).length, 1)
    assert.equal((await partsOf(store, 'a', 'prices')).length, 1)
    await store.images.drop('stock', 7)
    assert.equal((await store.images.find('stock', 0))?.position, 1)
  }),

  law('pruning leaves the generations that are named, and stops at its limit', async (trial) => {
    const store = await trial.open()
    for (const generation of ['a', 'b', 'c'])
      await store.images.add([1, 2, 3].map((number) => aPart(generation, number)))
    assert.equal(await store.images.prune('stock', 0, ['b'], 4), 4)
    assert.equal((await countOf(store, 'a')) + (await countOf(store, 'c')), 2)
    assert.equal(await store.images.prune('stock', 0, ['b'], 4), 2)
    assert.equal(await store.images.prune('stock', 0, ['b'], 4), 0)
    assert.equal(await countOf(store, 'b'), 3)
  }),

  law('a dropped snapshot is gone, and its parts are there to be pruned', async (trial) => {
    const store = await trial.open()
    await store.images.add([aPart('a', 1)])
    await store.images.publish(aHead(1, { a: 1 }), await leaseOf(store))
    await store.images.drop('stock', 0)
    assert.equal(await store.images.find('stock', 0), undefined)
    assert.equal(await store.images.prune('stock', 0, [], 10), 1)
  }),

  law(
    'an image’s snapshot and its parts are there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await store.images.add([aPart('a', 1)])
      await store.images.publish(aHead(5, { a: 1 }), await leaseOf(store))
      await store.close()
      const again = await trial.open()
      assert.deepEqual({ ...(await again.images.find('stock', 0)) }, aHead(5, { a: 1 }))
      assert.deepEqual(
        (await partsOf(again, 'a')).map((part) => ({ ...part })),
        [aPart('a', 1)],
      )
    },
    'durable',
  ),
]
