import type { DocumentWrite, Store } from '@headwater/core'

/** @throws HeadwaterError as a commit does */
export async function writeTo(store: Store, documents: readonly DocumentWrite[]): Promise<void> {
  const lease = await store.leases.acquire('test', 'test', 60_000)
  if (lease === undefined) throw new Error('There is another test')
  const commit = { processor: 'test', branch: 0, lease, checkpoint: undefined, park: [], unpark: [] }
  await store.progress.commit({ ...commit, documents })
}
