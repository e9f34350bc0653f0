import { app, event, memoryStore, openStore } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { running } from '../support/running.ts'

const First = event('Ordered', z.object({ amount: z.int() }))
const Today = event('Ordered', z.object({ quantity: z.int(), unit: z.string().default('piece') }), {
  version: 2,
  upcast: {
    1: ({ amount, ...rest }: { readonly amount: number }) => ({ ...rest, quantity: amount, unit: 'piece' }),
  },
})

const opened = (type: typeof First | typeof Today, store = memoryStore()) =>
  running(app({ name: 'shop', events: [type] }), { store: { ...store, close: async () => undefined } })

describe('an append', () => {
  it('of old data records what it is today', async () => {
    const headwater = await opened(Today)
    await headwater.append('order-a', [Today.from(1, { amount: 3 })])
    const { events } = await headwater.readStream('order-a')
    expect(events).toMatchObject([{ version: 2, recordedVersion: 2, data: { quantity: 3, unit: 'piece' } }])
  })

  it('of a version newer than the code is refused', async () => {
    const headwater = await opened(First)
    await expect(headwater.append('order-a', [Today({ quantity: 1 })])).rejects.toMatchObject({
      code: 'event.newer-version',
    })
    expect((await headwater.head()).position).toBe(0)
  })

  it('under an id is the same append to a later version of the code', async () => {
    const store = memoryStore()
    const before = await opened(First, store)
    const first = await before.append('order-a', [First({ amount: 3 })], { id: 'once' })
    await before.close()
    const after = await opened(Today, store)
    expect(await after.append('order-a', [Today.from(1, { amount: 3 })], { id: 'once' })).toEqual(first)
    expect(await after.append('order-a', [Today({ quantity: 3 })], { id: 'once' })).toEqual(first)
    await expect(after.append('order-a', [Today({ quantity: 4 })], { id: 'once' })).rejects.toMatchObject({
      code: 'command.id-reused',
    })
    const fresh = await after.append('order-b', [Today({ quantity: 4 })], { id: 'twice' })
    expect(await after.append('order-b', [Today({ quantity: 4 })], { id: 'twice' })).toEqual(fresh)
    expect((await after.head()).position).toBe(2)
  })
})

it('what older code meets of a newer version it leaves to newer code, on whichever way it reads', async () => {
  const store = memoryStore()
  const after = await openStore(app({ name: 'shop', events: [Today] }), {
    ...store,
    close: async () => undefined,
  })
  await after.append('order-a', [Today({ quantity: 3 })])
  await after.close()
  const before = await opened(First, store)
  const { events } = await before.readStream('order-a')
  expect(events).toMatchObject([{ version: 2, data: { quantity: 3, unit: 'piece' } }])
})
