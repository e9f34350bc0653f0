import { expect, it } from 'vitest'
import { aRequest, append, openStore, statuses, to } from './support.ts'

it('a large collection is dropped while others write', async () => {
  const store = await openStore()
  await store.documents.define('large', [])
  const lease = await store.leases.acquire('filling', 'one', 600_000)
  if (lease === undefined) throw new Error('The lease is not free')
  const nothing = { checkpoint: undefined, park: [], unpark: [] }
  for (let batch = 0; batch < 25; batch += 1) {
    const documents = Array.from({ length: 1_000 }, (_, n) => ({
      collection: 'large',
      tenant: '',
      branch: 0,
      key: `${batch}.${n}`,
      document: '{}',
      expectedVersion: undefined,
      position: 1,
    }))
    await store.progress.commit({ processor: 'filling', branch: 0, lease, documents, ...nothing })
  }
  let isDropped = false
  let appends = 0
  const dropping = store.documents.drop('large').then(() => {
    isDropped = true
  })
  while (!isDropped) {
    expect(statuses(await append(store, aRequest([to('a-1')])))).toEqual(['appended'])
    appends += 1
  }
  await dropping
  expect(appends).toBeGreaterThan(5)
  await expect(store.documents.count('large', 0, '')).rejects.toMatchObject({ code: 'view.unknown' })
})
