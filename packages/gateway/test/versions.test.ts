import { app, event, memoryStore, openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { createClient } from '@headwater/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'

const Before = event('Ordered', z.object({ amount: z.int() }))
const Today = event('Ordered', z.object({ quantity: z.int() }), {
  version: 2,
  upcast: { 1: ({ amount }: { readonly amount: number }) => ({ quantity: amount }) },
})

/** A gateway of today over a log that yesterday's code has written. */
async function serveOldLog() {
  const store = memoryStore()
  const old = await openStore(app({ name: 'shop', events: [Before] }), {
    ...store,
    close: async () => undefined,
  })
  await old.append('order-a', [Before({ amount: 3 })])
  await old.close()
  const headwater = await openStore(app({ name: 'shop', events: [Today] }), store)
  const gateway = createGateway(headwater, { onError: () => undefined })
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return { url, client: createClient({ url }) }
}

const current = { version: 2, recordedVersion: 1, data: { quantity: 3 } }
const recorded = { version: 1, data: { amount: 3 } }

describe('events of an older version', () => {
  it('are those of the current one wherever they are asked for', async () => {
    const { client } = await serveOldLog()
    const { events } = await client.log()
    expect(events).toMatchObject([current])
    expect((await client.stream('order-a')).events).toMatchObject([current])
    expect(await client.event(events[0]?.id ?? '')).toMatchObject(current)
    for await (const event of client.events()) {
      expect(event).toMatchObject(current)
      break
    }
  })

  it('are as they were recorded where that is asked for', async () => {
    const { url, client } = await serveOldLog()
    const [event] = (await client.log({ as: 'recorded' })).events
    expect(event).toMatchObject(recorded)
    expect(event).not.toHaveProperty('recordedVersion')
    expect((await client.stream('order-a', { as: 'recorded' })).events).toEqual([event])
    const answer = await fetch(`${url}/events/${event?.id}?as=recorded`)
    expect(await answer.json()).toEqual(event)
    for await (const followed of client.events({ as: 'recorded' })) {
      expect(followed).toEqual(event)
      break
    }
  })

  it('are refused in a form that there is not', async () => {
    const { url } = await serveOldLog()
    const answer = await fetch(`${url}/events?as=raw`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'request.malformed',
      errors: [{ parameter: 'as', detail: 'It is not one of current, recorded' }],
    })
  })
})
