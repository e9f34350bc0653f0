import { app, type Headwater, view } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { until } from '../support/running.ts'
import { lasting, process, type Total, totalsApp } from '../support/views.ts'

async function increment(headwater: Headwater, by = 1): Promise<number> {
  return (await headwater.execute(Increment({ counterId: 'a', by }))).position ?? 0
}

async function all(headwater: Headwater, waitFor: number): Promise<Total | undefined> {
  return (await headwater.view('totals').get('all', { waitFor }))?.doc as Total | undefined
}

async function currentOf(headwater: Headwater) {
  return (await headwater.versions('totals').list()).find(({ state }) => state === 'current')
}

describe('changed code of a view', () => {
  it('is noticed when the app is opened, and said with what to do', async () => {
    const store = lasting()
    await (await process(store, totalsApp('one'))).close()
    const again = await process(store, totalsApp('one'))
    expect(again.warnings).toEqual([])
    const changed = await process(store, totalsApp('two'))
    expect(changed.warnings).toEqual(['view.changed'])
  })

  it('is not noticed where only descriptions and indexes changed', async () => {
    const definition = (more: object) => {
      const counts = view('totals', {
        events: [Incremented],
        initial: { n: 0 },
        on: { Incremented: ({ n }) => ({ n: n + 1 }) },
        ...more,
      })
      return app({ name: 'totals', aggregates: [counter], views: [counts] })
    }
    const store = lasting()
    await (await process(store, definition({}))).close()
    const again = await process(store, definition({ description: 'How many', indexes: ['n'] }))
    expect(again.warnings).toEqual([])
  })

  it('goes on with the documents that are there, if it is only warned of', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await all(one, await increment(one))
    await one.close()
    const two = await process(store, totalsApp('two'))
    expect(await all(two, await increment(two))).toEqual({ total: 2, code: 'two' })
    expect(await currentOf(two)).toMatchObject({ version: 1, isOwnCode: false })
  })

  it('keeps the app from opening, where it is to be refused', async () => {
    const store = lasting()
    await (await process(store, totalsApp('one'))).close()
    await expect(process(store, totalsApp('two'), { onChangedView: 'refuse' })).rejects.toMatchObject({
      code: 'view.changed',
      details: { view: 'totals', version: 1 },
    })
  })

  it('is folded into a new version at once, where it is to be rebuilt', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await increment(one)
    await one.close()
    const two = await process(store, totalsApp('two', 'async', 10), { onChangedView: 'rebuild' })
    expect(await all(two, await increment(two))).toEqual({ total: 20, code: 'two' })
    expect(await currentOf(two)).toMatchObject({ version: 2, isOwnCode: true })
  })

  it('never folds into documents that other code has made, where it is to be rebuilt', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await all(one, await increment(one))
    await one.close()
    // It has nobody to build the new version, so the old one stands still.
    const two = await process(store, totalsApp('two'), { onChangedView: 'rebuild', processors: false })
    await increment(two)
    expect(await all(two, 0)).toEqual({ total: 1, code: 'one' })
    await expect(two.view('totals').get('all', { waitFor: 2, timeLimit: 50 })).rejects.toMatchObject({
      code: 'view.wait-timeout',
    })
  })

  it('is not noticed where it is not known which code made what is there: it is taken for this one', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await all(one, await increment(one))
    await one.close()
    const { generation, versions } = await store.viewVersions.read(0)
    const unknown = versions.map((version) => ({ ...version, code: '', types: [] }))
    await store.viewVersions.change({ branch: 0, expected: generation, put: unknown, remove: [] })
    const two = await process(store, totalsApp('two'))
    expect(two.warnings).toEqual([])
    expect(await currentOf(two)).toMatchObject({ version: 1, isOwnCode: true })
    expect(await all(two, await increment(two))).toEqual({ total: 2, code: 'two' })
  })

  it('counts as unchanged once that was said', async () => {
    const store = lasting()
    await (await process(store, totalsApp('one'))).close()
    const two = await process(store, totalsApp('two'))
    await two.versions('totals').accept()
    expect(await currentOf(two)).toMatchObject({ version: 1, isOwnCode: true })
    await two.close()
    expect((await process(store, totalsApp('two'))).warnings).toEqual([])
  })
})

describe('while old and new code run side by side', () => {
  it('the old one feeds the version that is read until the new one takes over, and reads that one then', async () => {
    const store = lasting()
    const old = await process(store, totalsApp('one'))
    await all(old, await increment(old))
    const next = await process(store, totalsApp('two'))
    const rebuild = await next.rebuild('totals', { switch: 'asked' })
    await rebuild.done()
    expect(await all(next, await increment(next))).toEqual({ total: 2, code: 'one' })
    await (await next.versions('totals').switchTo(2)).done()
    const position = await increment(old)
    expect(await all(old, position)).toEqual({ total: 3, code: 'two' })
    expect(await all(next, position)).toEqual({ total: 3, code: 'two' })
  })

  it('a reader that waits when the new one takes over gets its answer from it', async () => {
    const store = lasting()
    const old = await process(store, totalsApp('one'))
    const next = await process(store, totalsApp('two'), { processors: false })
    await increment(old)
    await next.rebuild('totals', { here: true, switch: 'asked' })
    await old.close()
    const position = await increment(next)
    const waiting = all(next, position)
    await next.versions('totals').switchTo(2)
    expect(await waiting).toEqual({ total: 2, code: 'two' })
  })

  it('old code that is opened again after the switch leaves the new version to those who feed it', async () => {
    const store = lasting()
    await (await process(store, totalsApp('one'))).close()
    const next = await process(store, totalsApp('two'), { onChangedView: 'rebuild' })
    await until(async () => (await currentOf(next))?.version === 2)
    await all(next, await increment(next))
    const old = await process(store, totalsApp('one'), { onChangedView: 'rebuild' })
    expect(old.warnings).toEqual(['view.superseded'])
    expect(await all(old, await increment(old))).toEqual({ total: 2, code: 'two' })
  })

  it('old code that is opened again when nobody feeds the new version goes back to its own', async () => {
    const store = lasting()
    const first = await process(store, totalsApp('one'))
    await all(first, await increment(first))
    await first.close()
    const next = await process(store, totalsApp('two'), { onChangedView: 'rebuild' })
    await until(async () => (await currentOf(next))?.version === 2)
    await next.close()
    const old = await process(store, totalsApp('one'), { onChangedView: 'rebuild' })
    expect(old.warnings).toEqual([])
    expect(await all(old, await increment(old))).toEqual({ total: 2, code: 'one' })
    expect(await currentOf(old)).toMatchObject({ version: 1 })
  })
})
