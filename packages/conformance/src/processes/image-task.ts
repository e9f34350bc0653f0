import { setTimeout as pause } from 'node:timers/promises'
import { isHeadwaterError, type Lease, type Store } from '@headwater/core'
import { aHead, aPart } from '../images.ts'
import type { Message, Task } from './messages.ts'

/** Each snapshot is one position further than the one before, and overlays its last generation with a new one. */
export async function saveImages(
  store: Store,
  { owner, leaseFor }: Extract<Task, { readonly kind: 'image' }>,
  tell: (message: Message) => void,
): Promise<void> {
  for (;;) {
    const lease = await store.leases.acquire('image:stock', owner, leaseFor)
    if (lease === undefined) {
      await pause(5)
      continue
    }
    try {
      for (;;) tell({ kind: 'published', position: await saveImage(store, lease) })
    } catch (error) {
      if (!isHeadwaterError(error, 'processor.fenced')) throw error
    }
  }
}

async function saveImage(store: Store, lease: Lease): Promise<number> {
  const before = await store.images.find('stock', 0)
  const last = before?.generations.at(-1)
  const position = (before?.position ?? 0) + 1
  const generation = `${lease.owner}-${lease.token}-${position}`
  const count = 2 + (position % 5)
  for (let number = 1; number <= count; number += 1) await store.images.add([aPart(generation, number)])
  const generations = { ...(last && { [last.id]: last.parts }), [generation]: count }
  await store.images.publish(aHead(position, generations), lease)
  while ((await store.images.prune('stock', 0, Object.keys(generations), 3)) > 0);
  return position
}
