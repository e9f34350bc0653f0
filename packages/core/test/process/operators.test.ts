import { app, memoryStore, openStore, type Store, subscription, view } from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running, until } from '../support/running.ts'

interface Call {
  readonly position: number
  readonly key: string
  readonly job: string | undefined
}

function noting(calls: Call[]) {
  const noted = subscription('noted', {
    events: [Incremented],
    handle: ({ position }, { idempotencyKey, reprocessing }) => {
      calls.push({ position, key: idempotencyKey, job: reprocessing })
      return { noted: position }
    },
  })
  const totals = view('totals', {
    events: [Incremented],
    initial: 0,
    on: { Incremented: (sum, { data }) => sum + data.by },
  })
  return app({ name: 'noting', aggregates: [counter], views: [totals], subscriptions: [noted] })
}

async function noted(events: number, store: Store = memoryStore()) {
  const calls: Call[] = []
  const headwater = await running(noting(calls), { store })
  const record = () => headwater.execute(Increment({ counterId: 'a' }))
  for (let count = 0; count < events; count += 1) await record()
  const processor = headwater.processor('noted')
  await processor.waitFor(events)
  const positions = () => calls.map(({ position }) => position)
  return { headwater, processor, calls, positions, record }
}

describe('an operator', () => {
  it('pauses a processor in all processes, restarts included, until it is resumed', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const { processor, positions, record } = await noted(2, kept)
    const desk = await openStore(noting([]), kept, { processors: false })
    onTestFinished(() => desk.close())
    await desk.processor('noted').pause({ actor: 'ada', why: 'the mail server is down' })
    await until(async () => (await processor.summary()).partitions.every(({ owner }) => owner === null))
    expect(await processor.summary()).toMatchObject({
      status: 'paused',
      paused: { actor: 'ada', why: 'the mail server is down' },
    })
    await record()
    const late: Call[] = []
    const restarted = await openStore(noting(late), kept)
    onTestFinished(() => restarted.close())
    await restarted.processor('totals').waitFor(3)
    expect([positions(), late]).toEqual([[1, 2], []])
    await desk.processor('noted').resume()
    await processor.waitFor(3)
    expect([...positions(), ...late.map(({ position }) => position)]).toEqual([1, 2, 3])
    expect((await processor.acts()).map(({ kind }) => kind)).toEqual(['resume', 'pause'])
  })

  it.each([
    ['the beginning', 'beginning' as const, [1, 2, 3]],
    ['a position', { position: 3 }, [3]],
    ['a time', { time: new Date(0) }, [1, 2, 3]],
  ])('resets a subscription to %s only if effects may happen again', async (_, to, again) => {
    const { processor, positions } = await noted(3)
    await expect(processor.reset({ to })).rejects.toMatchObject({ code: 'processor.repeats-effects' })
    expect(positions()).toEqual([1, 2, 3])
    await processor.reset({ to, repeatEffects: true, actor: 'ada', why: 'they were lost' })
    await until(() => positions().length === 3 + again.length)
    expect(positions().slice(3)).toEqual(again)
    expect(await processor.acts()).toMatchObject([{ kind: 'reset', actor: 'ada', why: 'they were lost' }])
  })

  it('resets a subscription forwards without more ado', async () => {
    const { processor, positions, record } = await noted(1)
    await processor.pause()
    for (let count = 0; count < 3; count += 1) await record()
    await processor.reset({ to: 'end' })
    await processor.resume()
    await record()
    await processor.waitFor(5)
    expect(positions()).toEqual([1, 5])
  })

  it('is sent on to a rebuild where a view is meant', async () => {
    const { headwater } = await noted(1)
    const totals = headwater.processor('totals')
    for (const refused of [totals.reset({ to: 'beginning' }), totals.reprocess({ from: 1, why: 'no' })])
      await expect(refused).rejects.toMatchObject({ code: 'processor.is-view' })
  })

  it('has old events handled once more, beside the normal run, with keys of their own', async () => {
    const { processor, calls, record } = await noted(5)
    const job = await processor.reprocess({ from: 2, to: 4, why: 'mails were lost', actor: 'ada' })
    expect(await job.ended()).toMatchObject({ state: 'done', from: 2, to: 4, reached: 4, actor: 'ada' })
    const repeated = calls.filter((call) => call.job === job.id)
    expect(repeated.map(({ position }) => position)).toEqual([2, 3, 4])
    const keys = new Set(calls.map(({ key }) => key))
    expect(keys.size).toBe(8)
    expect((await processor.results()).map(({ position, job: of }) => [position, of])).toEqual([
      [1, null],
      [2, job.id],
      [3, job.id],
      [4, job.id],
      [5, null],
    ])
    await record()
    await processor.waitFor(6)
    expect(calls.at(-1)).toMatchObject({ position: 6, job: undefined })
  })

  it('cancels a job, which then goes no further', async () => {
    const { processor, calls } = await noted(3)
    await processor.pause()
    const job = await processor.reprocess({ from: 1, why: 'by mistake' })
    expect(await job.cancel({ why: 'by mistake' })).toBe(true)
    expect(await job.cancel()).toBe(false)
    await processor.resume()
    expect(await job.ended()).toMatchObject({ state: 'cancelled', reached: 0 })
    expect(calls.filter((call) => call.job !== undefined)).toEqual([])
    await expect(processor.reprocess({ from: 9, why: 'no such events' })).rejects.toMatchObject({
      code: 'processor.invalid-range',
    })
    await expect(processor.job('none')).rejects.toMatchObject({ code: 'processor.job-unknown' })
  })

  it('reads what handlers returned', async () => {
    const { processor } = await noted(2)
    expect(await processor.results()).toMatchObject([
      { position: 1, status: 'handled', attempts: 1, result: { noted: 1 } },
      { position: 2, status: 'handled', attempts: 1, result: { noted: 2 } },
    ])
  })
})

describe('a handler that takes its time', () => {
  it('holds up its own key only', async () => {
    let release: () => void = () => undefined
    const stuck = new Promise<void>((resolve) => {
      release = resolve
    })
    const done: string[] = []
    const slow = subscription('slow', {
      events: [Incremented],
      handle: async ({ stream, revision }) => {
        if (stream === 'counter-a') await stuck
        done.push(`${stream}@${revision}`)
      },
    })
    const headwater = await running(app({ name: 'slow', aggregates: [counter], subscriptions: [slow] }))
    for (let round = 0; round < 3; round += 1)
      for (const counterId of ['a', 'b']) await headwater.execute(Increment({ counterId }))
    await until(() => done.length === 3)
    expect(done).toEqual(['counter-b@1', 'counter-b@2', 'counter-b@3'])
    expect((await headwater.processor(slow).summary()).position).toBe(0)
    release()
    await headwater.processor(slow).waitFor(6)
    expect(done.slice(3)).toEqual(['counter-a@1', 'counter-a@2', 'counter-a@3'])
  })

  it('holds up nobody where workers compete for events', async () => {
    let release: () => void = () => undefined
    const stuck = new Promise<void>((resolve) => {
      release = resolve
    })
    const done: number[] = []
    const workers = subscription('workers', {
      events: [Incremented],
      key: 'none',
      partitions: 2,
      handle: async ({ revision }) => {
        if (revision === 1) await stuck
        done.push(revision)
      },
    })
    const headwater = await running(app({ name: 'jobs', aggregates: [counter], subscriptions: [workers] }))
    for (let count = 0; count < 8; count += 1) await headwater.execute(Increment({ counterId: 'a' }))
    await until(() => done.length === 7)
    release()
    await headwater.processor(workers).waitFor(8)
    expect(done.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})
