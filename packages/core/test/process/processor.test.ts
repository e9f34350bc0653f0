import { app, memoryStore, openStore, subscription, view } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running, until } from '../support/running.ts'

const processorOf = (headwater: Awaited<ReturnType<typeof running>>, name: string) => {
  const found = headwater.processors.find((processor) => processor.name === name)
  if (found === undefined) throw new Error(`no processor ${name}`)
  return found
}

describe('an asynchronous subscription', () => {
  it('handles the events of a key in order, and keys side by side', async () => {
    const seen = new Map<string, number[]>()
    let busy = 0
    let busiest = 0
    const slow = subscription('slow', {
      events: [Incremented],
      handle: async ({ stream, revision }) => {
        busy += 1
        busiest = Math.max(busiest, busy)
        await new Promise((resolve) => setTimeout(resolve, revision % 3))
        busy -= 1
        seen.set(stream, [...(seen.get(stream) ?? []), revision])
      },
    })
    const headwater = await running(app({ name: 'ordered', aggregates: [counter], subscriptions: [slow] }), {
      processors: false,
    })
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 8 }, (_, index) => headwater.execute(Increment({ counterId: String(index) }))),
      )
    }
    const processor = processorOf(headwater, 'slow')
    const { run } = processor as typeof processor & { run(): void }
    run.call(processor)
    await processor.waitFor(80)
    expect(busiest).toBeGreaterThan(1)
    expect(seen.size).toBe(8)
    for (const revisions of seen.values())
      expect(revisions).toEqual(Array.from({ length: 10 }, (_, index) => index + 1))
  })

  it('is tried again with backoff until it succeeds', async () => {
    const attempts: number[] = []
    const flaky = subscription('flaky', {
      events: [Incremented],
      retry: { delay: 1 },
      handle: (_recorded, { attempt }) => {
        attempts.push(attempt)
        if (attempt < 4) throw new Error('not yet')
      },
    })
    const headwater = await running(app({ name: 'flaky', aggregates: [counter], subscriptions: [flaky] }))
    const { position = 0 } = await headwater.execute(Increment({ counterId: 'a' }))
    await processorOf(headwater, 'flaky').waitFor(position)
    expect(attempts).toEqual([1, 2, 3, 4])
    expect(await processorOf(headwater, 'flaky').parked.list()).toEqual([])
  })

  it('parks an event that always fails with what follows it, and goes on with the other keys', async () => {
    const handled: string[] = []
    const poisoned = subscription('poisoned', {
      events: [Incremented],
      retry: { attempts: 2, delay: 1 },
      handle: ({ stream, revision }) => {
        if (stream === 'counter-bad' && revision === 2) throw new Error('poison')
        handled.push(`${stream}@${revision}`)
      },
    })
    const headwater = await running(
      app({ name: 'poisoned', aggregates: [counter], subscriptions: [poisoned] }),
    )
    for (const counterId of ['bad', 'bad', 'good', 'bad', 'good'])
      await headwater.execute(Increment({ counterId }))
    const processor = processorOf(headwater, 'poisoned')
    await processor.waitFor(5)
    expect(handled).toEqual(['counter-bad@1', 'counter-good@1', 'counter-good@2'])
    expect(await processor.parked.list()).toMatchObject([
      { sequence: 'counter-bad', position: 2, attempts: 2, error: 'Error: poison' },
      { sequence: 'counter-bad', position: 4, attempts: 0, error: null },
    ])
    expect(headwater.failures).toMatchObject([{ source: { processor: 'poisoned' } }])
    expect(await processor.summary()).toMatchObject({ status: 'running', parked: 2, lag: { events: 0 } })
  })

  it('goes on parking a sequence after a restart', async () => {
    const store = memoryStore()
    const definition = (isFixed: boolean) =>
      app({
        name: 'poisoned',
        aggregates: [counter],
        subscriptions: [
          subscription('poisoned', {
            events: [Incremented],
            retry: { attempts: 1 },
            handle: () => {
              if (!isFixed) throw new Error('poison')
            },
          }),
        ],
      })
    const kept = { ...store, close: async () => undefined }
    const before = await openStore(definition(false), kept, { onError: () => undefined })
    await before.execute(Increment({ counterId: 'a' }))
    await before.processors[0]?.waitFor(1)
    await before.close()
    const after = await openStore(definition(true), kept)
    await after.execute(Increment({ counterId: 'a' }))
    await after.processors[0]?.waitFor(2)
    expect(await after.processors[0]?.parked.list()).toMatchObject([
      { position: 1 },
      { position: 2, attempts: 0 },
    ])
    await after.close()
  })

  it('begins where it is told to', async () => {
    const store = memoryStore()
    const kept = { ...store, close: async () => undefined }
    const writer = await openStore(app({ name: 'starts', aggregates: [counter] }), kept)
    for (let count = 0; count < 4; count += 1) await writer.execute(Increment({ counterId: 'a' }))
    await writer.close()
    const seen: Record<string, number[]> = { all: [], third: [], new: [] }
    const from = (name: string, start: 'beginning' | 'end' | { position: number }) =>
      subscription(name, {
        events: [Incremented],
        start,
        handle: ({ position }) => void seen[name]?.push(position),
      })
    const definition = app({
      name: 'starts',
      aggregates: [counter],
      subscriptions: [from('all', 'beginning'), from('third', { position: 3 }), from('new', 'end')],
    })
    const headwater = await openStore(definition, kept)
    await Promise.all(headwater.processors.map((processor) => processor.waitFor(4)))
    await headwater.execute(Increment({ counterId: 'a' }))
    await Promise.all(headwater.processors.map((processor) => processor.waitFor(5)))
    expect(seen).toEqual({ all: [1, 2, 3, 4, 5], third: [3, 4, 5], new: [5] })
    await headwater.close()
  })

  it('that began at the end goes on from there after a restart', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const seen: number[] = []
    const fresh = subscription('fresh', {
      events: [Incremented],
      start: 'end',
      handle: ({ position }) => void seen.push(position),
    })
    const definition = app({ name: 'fresh', aggregates: [counter], subscriptions: [fresh] })
    const writer = await openStore(app({ name: 'writer', aggregates: [counter] }), kept)
    await writer.execute(Increment({ counterId: 'a' }))
    const before = await openStore(definition, kept)
    await until(async () => (await before.processor(fresh).summary()).status === 'running')
    await before.close()
    await writer.execute(Increment({ counterId: 'a' }))
    const after = await openStore(definition, kept)
    await after.processor(fresh).waitFor(2)
    expect(seen).toEqual([2])
    await after.close()
    await writer.close()
  })

  it('works in one of two processes at a time, and moves to the other', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const handled: string[] = []
    const open = (name: string) =>
      openStore(
        app({
          name: 'shared',
          aggregates: [counter],
          subscriptions: [
            subscription('once', {
              events: [Incremented],
              handle: ({ position }) => void handled.push(`${name}:${position}`),
            }),
          ],
        }),
        kept,
      )
    const one = await open('one')
    await one.processors[0]?.waitFor(0)
    await until(async () => (await one.processors[0]?.summary())?.status === 'running')
    const other = await open('other')
    await other.execute(Increment({ counterId: 'a' }))
    await other.processors[0]?.waitFor(1)
    await one.close()
    await other.execute(Increment({ counterId: 'a' }))
    await other.processors[0]?.waitFor(2)
    expect(handled).toEqual(['one:1', 'other:2'])
    await other.close()
  })

  it('stops instead of skipping where the log is another one than it followed', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const totals = view('totals', {
      events: [Incremented],
      initial: 0,
      on: { Incremented: (sum, { data }) => sum + data.by },
    })
    const definition = app({ name: 'diverged', aggregates: [counter], views: [totals] })
    const before = await openStore(definition, kept)
    await before.execute(Increment({ counterId: 'a' }))
    await before.processors[0]?.waitFor(1)
    await before.close()
    const restored = { ...kept, log: memoryStore().log }
    const after = await openStore(definition, restored, { onError: () => undefined })
    await until(async () => (await after.processors[0]?.summary())?.status === 'failed')
    expect(await after.processors[0]?.summary()).toMatchObject({ error: { code: 'log.diverged' } })
    await after.close()
  })

  it('lets another process wait for a position although only events of other types led there', async () => {
    const kept = { ...memoryStore(), close: async () => undefined }
    const totals = view('totals', {
      events: [Incremented],
      initial: 0,
      on: { Incremented: (sum, { data }) => sum + data.by },
    })
    const definition = app({ name: 'shared', aggregates: [counter], views: [totals] })
    const working = await openStore(definition, kept)
    await working.execute(Increment({ counterId: 'a' }))
    await working.processor(totals).waitFor(1)
    const reading = await openStore(definition, kept, { processors: false })
    const { position = 0 } = await reading.execute(Increment({ counterId: 'b', by: 2_000 }))
    expect(position).toBe(2)
    expect(await reading.view(totals).get('a', { waitFor: position, timeLimit: 60_000 })).toMatchObject({
      doc: 1,
    })
    await reading.close()
    await working.close()
  })
})
