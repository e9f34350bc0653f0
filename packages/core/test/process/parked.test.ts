import { app, event, memoryStore, openStore, type Store, subscription, view } from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'

const Sent = event('Sent', z.object({ weight: z.number() }))

/** A view and a subscription that can't bear what is lighter than air, as long as that is not mended. */
function post(world: { isMended: boolean; handled: string[]; keys: string[] }) {
  const bear = (weight: number): void => {
    if (weight < 0 && !world.isMended) throw new Error('lighter than air')
  }
  const weigh = subscription('weigh', {
    events: [Sent],
    retry: { attempts: 2, delay: 1 },
    handle: ({ stream, data }, { idempotencyKey }) => {
      world.keys.push(idempotencyKey)
      bear(data.weight)
      world.handled.push(`${stream} ${data.weight}`)
    },
  })
  const weights = view('weights', {
    events: [Sent],
    initial: { all: [] as number[] },
    on: {
      Sent: ({ all }, { data }) => {
        bear(data.weight)
        return { all: [...all, data.weight] }
      },
    },
  })
  return app({ name: 'post', views: [weights], subscriptions: [weigh] })
}

const newWorld = () => ({ isMended: false, handled: [] as string[], keys: [] as string[] })

async function parkedPost(store: Store = memoryStore()) {
  const world = newWorld()
  const headwater = await running(post(world), { store })
  await headwater.append('parcel-1', [Sent({ weight: -1 }), Sent({ weight: 2 })])
  const { position } = await headwater.append('parcel-2', [Sent({ weight: 3 })])
  for (const processor of headwater.processors) await processor.waitFor(position)
  const none = (name: string) =>
    until(async () => (await headwater.processor(name).parked.list()).length === 0)
  const doc = async (key: string) => (await headwater.view('weights').get(key))?.doc
  return { world, headwater, none, doc, parked: headwater.processor('weigh').parked }
}

describe('a parked event', () => {
  it('is shown with its data, its error, and how many wait behind it', async () => {
    const { parked } = await parkedPost()
    expect(await parked.sequences()).toMatchObject([
      { tenant: '', sequence: 'parcel-1', position: 1, attempts: 2, events: 2, isAsked: false },
    ])
    expect(await parked.show({ sequence: 'parcel-1', position: 1 })).toMatchObject({
      data: { weight: -1 },
      error: 'Error: lighter than air',
      behind: 1,
      event: { type: 'Sent' },
      edit: undefined,
    })
    await expect(parked.show({ sequence: 'parcel-2', position: 3 })).rejects.toMatchObject({
      code: 'processor.not-parked',
    })
  })

  it('is retried with those behind it, in order, and each takes effect once', async () => {
    const { world, headwater, none, doc } = await parkedPost()
    world.isMended = true
    for (const name of ['weigh', 'weights']) {
      expect(await headwater.processor(name).parked.retry()).toBe(1)
      await none(name)
    }
    expect(world.handled).toEqual(['parcel-2 3', 'parcel-1 -1', 'parcel-1 2'])
    expect(await doc('1')).toEqual({ all: [-1, 2] })
    expect(await headwater.processor('weigh').results()).toMatchObject([
      { position: 1, status: 'handled', attempts: 3, sequence: 'parcel-1' },
    ])
    const { position } = await headwater.append('parcel-1', [Sent({ weight: 5 })])
    await headwater.processor('weights').waitFor(position)
    expect(await doc('1')).toEqual({ all: [-1, 2, 5] })
  })

  it('that fails again stays where it is, with the number of attempts', async () => {
    const { parked } = await parkedPost()
    await parked.retry({ sequence: 'parcel-1' })
    await until(async () => (await parked.sequences())[0]?.isAsked === false)
    expect(await parked.list()).toMatchObject([
      { position: 1, attempts: 4 },
      { position: 2, attempts: 0 },
    ])
  })

  it('is edited for its processor only, and says by whom and why', async () => {
    const { world, headwater, none, parked, doc } = await parkedPost()
    const place = { sequence: 'parcel-1', position: 1 }
    await expect(parked.edit({ ...place, data: { weight: 'much' }, why: 'a typo' })).rejects.toMatchObject({
      code: 'event.invalid',
    })
    await parked.edit({ ...place, data: { weight: 1 }, why: 'a typo', actor: 'ada' })
    expect(await parked.show(place)).toMatchObject({
      data: { weight: 1 },
      isEdited: true,
      event: { data: { weight: -1 } },
      edit: { actor: 'ada', why: 'a typo' },
    })
    const before = new Set(world.keys)
    await parked.retry()
    await none('weigh')
    expect(world.handled.slice(-2)).toEqual(['parcel-1 1', 'parcel-1 2'])
    expect(before.has(world.keys.at(-2) ?? '')).toBe(false)
    expect(await headwater.processor('weigh').results()).toMatchObject([{ actor: 'ada', why: 'a typo' }])
    expect((await headwater.readEvents()).events[0]?.data).toEqual({ weight: -1 })
    expect(await headwater.processor('weights').parked.list()).toHaveLength(2)
    expect(await doc('1')).toBeUndefined()
  })

  it('is dropped with a reason, and those behind it go on', async () => {
    const { world, headwater, none, doc } = await parkedPost()
    for (const name of ['weigh', 'weights']) {
      const sequence = name === 'weigh' ? 'parcel-1' : '1'
      const drop = { sequence, position: 1, why: 'never weighed', actor: 'ada' }
      expect(await headwater.processor(name).parked.drop(drop)).toBe(1)
      await none(name)
    }
    expect(world.handled).toEqual(['parcel-2 3', 'parcel-1 2'])
    expect(await doc('1')).toEqual({ all: [2] })
    expect(await headwater.processor('weights').results()).toMatchObject([
      { position: 1, status: 'dropped', actor: 'ada', why: 'never weighed' },
    ])
    expect((await headwater.processor('weigh').acts()).map(({ kind }) => kind)).toEqual(['drop'])
  })

  it('is looked after by a process that runs nothing, while another one has the lease', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const { world, none } = await parkedPost(kept)
    const desk = await openStore(post(newWorld()), kept, { processors: false })
    onTestFinished(() => desk.close())
    world.isMended = true
    expect(await desk.processor('weigh').parked.retry()).toBe(1)
    await none('weigh')
    expect(world.handled).toHaveLength(3)
  })

  it('is edited by one of two operators at once', async () => {
    const { parked } = await parkedPost()
    const edits = [1, 2].map((weight) =>
      parked.edit({ sequence: 'parcel-1', position: 1, data: { weight }, why: 'me first' }),
    )
    const done = await Promise.allSettled(edits)
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(done.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'processor.conflict' },
    })
  })

  it('is not reached from another tenant', async () => {
    const world = newWorld()
    const headwater = await running(post(world))
    await headwater.append('parcel-1', [Sent({ weight: -1 })], { tenant: 'acme' })
    const { position } = await headwater.append('parcel-1', [Sent({ weight: -2 })], { tenant: 'globex' })
    const { parked } = headwater.processor('weigh')
    await headwater.processor('weigh').waitFor(position)
    expect(await parked.list()).toEqual([])
    expect(await parked.list({ tenant: 'acme' })).toMatchObject([{ tenant: 'acme', position: 1 }])
    expect(await parked.list({ allTenants: true })).toHaveLength(2)
    await expect(parked.drop({ sequence: 'parcel-1', why: 'mine' })).rejects.toMatchObject({
      code: 'processor.not-parked',
    })
    await parked.drop({ tenant: 'acme', sequence: 'parcel-1', why: 'mine' })
    world.isMended = true
    expect(await parked.retry()).toBe(0)
    expect(await parked.retry({ allTenants: true })).toBe(1)
    await until(() => world.handled.join() === 'parcel-1 -2')
  })

  it('with many behind it is worked off in slices, beside what is new', async () => {
    const world = newWorld()
    const headwater = await running(post(world))
    await headwater.append('parcel-1', [Sent({ weight: -1 })])
    for (let index = 0; index < 20; index += 1)
      await headwater.append(
        'parcel-1',
        Array.from({ length: 500 }, () => Sent({ weight: 1 })),
      )
    const end = (await headwater.lastPosition()) ?? 0
    await headwater.processor('weights').waitFor(end, { timeLimit: 60_000 })
    world.isMended = true
    await headwater.processor('weights').parked.retry()
    await until(async () => (await headwater.processor('weights').summary()).parked === 0)
    expect((await headwater.view('weights').get('1'))?.doc).toEqual({
      all: [-1, ...Array.from({ length: 10_000 }, () => 1)],
    })
  })
})
