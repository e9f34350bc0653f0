import { app, type Headwater, type View, view } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running } from '../support/running.ts'
import { deaf, lasting, process, type Total, totals, totalsApp } from '../support/views.ts'

/** Sends commands until told to stop, several at a time; gives how many increments were recorded. */
function traffic(headwater: Headwater, callers = 4): { stop(): Promise<number> } {
  let isOver = false
  let sum = 0
  const caller = async (name: string): Promise<void> => {
    for (let n = 0; !isOver; n += 1) {
      const outcome = await headwater.execute(Increment({ counterId: `${name}${n % 900}`, by: 1 }))
      if (outcome.status === 'accepted') sum += 1
    }
  }
  const calls = Promise.all(Array.from({ length: callers }, (_, index) => caller(`c${index}-`)))
  return {
    stop: async () => {
      isOver = true
      await calls
      return sum
    },
  }
}

async function all(headwater: Headwater): Promise<Total | undefined> {
  return (await headwater.view('totals').get('all'))?.doc as Total | undefined
}

async function currentOf(headwater: Headwater) {
  return (await headwater.versions('totals').list()).find(({ state }) => state === 'current')
}

describe('an inline view', () => {
  it('is rebuilt without an event lost or folded twice, while events are appended', async () => {
    const headwater = await process(lasting(), totalsApp('one', 'inline'))
    const running = traffic(headwater)
    for (let round = 2; round < 7; round += 1) {
      expect(await (await headwater.rebuild('totals')).done()).toMatchObject({
        version: round,
        state: 'switched',
      })
    }
    const sum = await running.stop()
    expect(await all(headwater)).toMatchObject({ total: sum })
  })

  it('is rebuilt without an event lost or folded twice, while other processes append', async () => {
    const store = lasting()
    const [builder, ...others] = [
      await process(store, totalsApp('one', 'inline')),
      await process(store, totalsApp('one', 'inline')),
      await process(store, totalsApp('one', 'inline'), { processors: false }),
    ]
    const runs = others.map((other) => traffic(other, 2))
    for (let round = 2; round < 6; round += 1)
      expect(await (await builder.rebuild('totals')).done()).toMatchObject({ version: round })
    const sums = await Promise.all(runs.map((run) => run.stop()))
    const sum = sums.reduce((one, other) => one + other)
    for (const headwater of [builder, ...others]) expect(await all(headwater)).toMatchObject({ total: sum })
  })

  it('is rebuilt without an event lost or folded twice, while processes append that hear of it too late', async () => {
    const store = lasting()
    const builder = await process(store, totalsApp('one', 'inline'))
    const late = await process(deaf(store), totalsApp('one', 'inline'), { processors: false })
    const run = traffic(late)
    for (let round = 2; round < 6; round += 1)
      expect(await (await builder.rebuild('totals')).done()).toMatchObject({ version: round })
    const sum = await run.stop()
    await late.execute(Increment({ counterId: 'last', by: 1 }))
    expect(await all(builder)).toMatchObject({ total: sum + 1 })
  })

  it('refuses what old code would fold into the version of new code', async () => {
    const store = lasting()
    const old = await process(store, totalsApp('one', 'inline'))
    await old.execute(Increment({ counterId: 'a', by: 1 }))
    const next = await process(store, totalsApp('two', 'inline', 10), { onChangedView: 'rebuild' })
    expect(await all(next)).toEqual({ total: 10, code: 'two' })
    await expect(old.execute(Increment({ counterId: 'a', by: 1 }))).rejects.toMatchObject({
      code: 'view.superseded',
    })
    expect(await next.execute(Increment({ counterId: 'a', by: 1 }))).toMatchObject({ status: 'accepted' })
    expect(await all(old)).toEqual({ total: 20, code: 'two' })
  })

  it('whose code has changed is rebuilt before the app is open, where it is to be rebuilt', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one', 'inline'))
    for (let n = 0; n < 5; n += 1) await one.execute(Increment({ counterId: 'a', by: 1 }))
    await one.close()
    const two = await process(store, totalsApp('two', 'inline', 2), { onChangedView: 'rebuild' })
    expect(await all(two)).toEqual({ total: 10, code: 'two' })
  })

  it('that is new to a log with events is built before the app is open', async () => {
    const store = lasting()
    const one = await process(store, app({ name: 'totals', aggregates: [counter] }))
    for (let n = 0; n < 5; n += 1) await one.execute(Increment({ counterId: 'a', by: 1 }))
    const two = await process(store, totalsApp('one', 'inline'))
    expect(await all(two)).toMatchObject({ total: 5 })
    await two.execute(Increment({ counterId: 'a', by: 1 }))
    expect(await all(two)).toMatchObject({ total: 6 })
  })

  it('that is new and can’t fold what the log holds keeps the app from opening, and says why', async () => {
    const store = lasting()
    const one = await process(store, app({ name: 'totals', aggregates: [counter] }))
    await one.execute(Increment({ counterId: 'a', by: 1 }))
    const strict = view('totals', {
      events: [Incremented],
      lifecycle: 'inline',
      initial: {},
      on: {
        Incremented: () => {
          throw new Error('unfoldable')
        },
      },
    })
    const opening = process(store, app({ name: 'totals', aggregates: [counter], views: [strict] }))
    await expect(opening).rejects.toMatchObject({ code: 'view.rebuild-blocked' })
  })

  it('that was removed from the app lets its events be recorded, and is built anew when it comes back', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one', 'inline'))
    await one.execute(Increment({ counterId: 'a', by: 1 }))
    await one.close()
    const without = await process(store, app({ name: 'totals', aggregates: [counter] }))
    expect(without.warnings).toEqual(['view.let-go'])
    await without.execute(Increment({ counterId: 'a', by: 1 }))
    await without.close()
    const again = await process(store, totalsApp('one', 'inline'))
    expect(await all(again)).toMatchObject({ total: 2 })
    await again.execute(Increment({ counterId: 'a', by: 1 }))
    expect(await all(again)).toMatchObject({ total: 3 })
  })

  it('keeps apps that don’t have it, and don’t own its events, from recording what it would miss', async () => {
    const store = lasting()
    const owner = await process(store, totalsApp('one', 'inline'))
    await owner.execute(Increment({ counterId: 'a', by: 1 }))
    const listens = view('listens', { events: [Incremented], initial: {}, on: { Incremented: () => ({}) } })
    const other = await process(store, app({ name: 'other', views: [listens] }))
    expect(other.warnings).toEqual([])
    await expect(other.append('counter-a', [Incremented({ by: 1 })])).rejects.toMatchObject({
      code: 'view.not-here',
    })
    expect(await owner.lastPosition()).toBe(1)
  })

  it('can be switched back to, with what was recorded since', async () => {
    const headwater = await process(lasting(), totalsApp('one', 'inline'))
    await headwater.execute(Increment({ counterId: 'a', by: 1 }))
    await (await headwater.rebuild('totals')).done()
    await headwater.execute(Increment({ counterId: 'a', by: 1 }))
    const running = traffic(headwater, 2)
    await (await headwater.versions('totals').switchTo(1)).done()
    const sum = await running.stop()
    expect(await currentOf(headwater)).toMatchObject({ version: 1 })
    expect(await all(headwater)).toMatchObject({ total: 2 + sum })
  })

  it('appends again although who made them wait for a switch has died', async () => {
    const store = lasting()
    const headwater = await process(store, totalsApp('one', 'inline'))
    await headwater.execute(Increment({ counterId: 'a', by: 1 }))
    const { generation, versions } = await store.viewVersions.read(0)
    const [first] = versions
    if (first === undefined) throw new Error('There is no version')
    const fenced = {
      ...first,
      version: 2,
      state: 'building',
      fencedUntil: Date.now() + 200,
      code: 'x',
    } as const
    await store.viewVersions.change({ branch: 0, expected: generation, put: [fenced], remove: [] })
    const begin = performance.now()
    expect(await headwater.execute(Increment({ counterId: 'a', by: 1 }))).toMatchObject({
      status: 'accepted',
    })
    expect(performance.now() - begin).toBeGreaterThan(100)
    expect(await all(headwater)).toMatchObject({ total: 2 })
  })
})

describe('a view that is fed in another way than before', () => {
  it('has all of its events, whichever way it changes', async () => {
    const store = lasting()
    let sum = 0
    for (const lifecycle of ['async', 'inline', 'async', 'inline', 'inline', 'async'] as const) {
      const headwater = await process(store, totalsApp('one', lifecycle), { onChangedView: 'rebuild' })
      const running = traffic(headwater, 2)
      const first = await headwater.execute(Increment({ counterId: 'z', by: 1 }))
      const reader = headwater.view(totals('one', lifecycle))
      await reader.get('all', { waitFor: first.position })
      sum += 1 + (await running.stop())
      const last = await headwater.lastPosition()
      expect((await reader.get('all', { waitFor: last }))?.doc.total).toBe(sum)
      await headwater.close()
    }
  })

  it('is fed as before until it is rebuilt, where that is only warned of', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one', 'async'))
    await one.execute(Increment({ counterId: 'a', by: 1 }))
    await one.close()
    const two = await process(store, totalsApp('one', 'inline'))
    expect(two.warnings).toEqual(['view.changed'])
    const { position } = await two.execute(Increment({ counterId: 'a', by: 1 }))
    const reader = two.view(totals('one', 'inline'))
    expect(await reader.get('all', { waitFor: position })).toMatchObject({ doc: { total: 2 } })
    await (await two.rebuild('totals')).done()
    expect(await currentOf(two)).toMatchObject({ version: 2, lifecycle: 'inline' })
    await two.execute(Increment({ counterId: 'a', by: 1 }))
    expect(await reader.get('all')).toMatchObject({ doc: { total: 3 } })
  })
})

it('two views that fold one event inline are rebuilt at the same time', async () => {
  const named = (name: string): View =>
    view(name, {
      events: [Incremented],
      key: () => 'all',
      initial: { total: 0 },
      on: { Incremented: (doc, { data }) => ({ total: doc.total + data.by }) },
      lifecycle: 'inline',
    })
  const definition = app({ name: 'two', aggregates: [counter], views: [named('one'), named('other')] })
  const headwater = await running(definition)
  const runs = traffic(headwater)
  const rebuilds = await Promise.all([headwater.rebuild('one'), headwater.rebuild('other')])
  await Promise.all(rebuilds.map((rebuild) => rebuild.done()))
  const sum = await runs.stop()
  for (const name of ['one', 'other'])
    expect(await headwater.view(name).get('all')).toMatchObject({ doc: { total: sum } })
})
