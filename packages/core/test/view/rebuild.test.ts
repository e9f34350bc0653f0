import { app, type Headwater, view } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { until } from '../support/running.ts'
import { deaf, lasting, process, type Total, totals, totalsApp } from '../support/views.ts'

async function increment(headwater: Headwater, times: number, counterId = 'a'): Promise<number> {
  let last = 0
  for (let time = 0; time < times; time += 1)
    last = (await headwater.execute(Increment({ counterId, by: 1 }))).position ?? last
  return last
}

async function statesOf(headwater: Headwater): Promise<readonly string[]> {
  return (await headwater.versions('totals').list()).map(({ version, state }) => `${version} ${state}`)
}

async function total(headwater: Headwater, waitFor: number, key = 'all'): Promise<Total | undefined> {
  const item = await headwater.view('totals').get(key, { waitFor })
  return item?.doc as Total | undefined
}

describe('a rebuild', () => {
  it('folds the whole log into a new version, and switches to it', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await increment(headwater, 30)
    const rebuild = await headwater.rebuild('totals')
    expect(rebuild).toMatchObject({ view: 'totals', version: 2 })
    expect(await rebuild.done()).toMatchObject({ state: 'switched', position: 30, head: 30, fraction: 1 })
    expect(await statesOf(headwater)).toEqual(['1 retired', '2 current'])
    expect(await total(headwater, 30)).toMatchObject({ total: 30 })
  })

  it('goes on being fed after the switch', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await increment(headwater, 3)
    await (await headwater.rebuild('totals')).done()
    expect(await total(headwater, await increment(headwater, 4))).toMatchObject({ total: 7 })
    expect(headwater.processor('totals').name).toBe('totals')
    expect(await headwater.processor('totals').summary()).toMatchObject({ name: 'totals', position: 7 })
  })

  it('waits to be asked to switch, where that is wanted, and follows the log meanwhile', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await increment(headwater, 3)
    const rebuild = await headwater.rebuild('totals', { switch: 'asked' })
    expect(await rebuild.done()).toMatchObject({ state: 'ready', position: 3 })
    const position = await increment(headwater, 2)
    await until(async () => (await rebuild.progress()).position === position)
    expect(await statesOf(headwater)).toEqual(['1 current', '2 building'])
    await (await headwater.versions('totals').switchTo(2)).done()
    expect(await statesOf(headwater)).toEqual(['1 retired', '2 current'])
  })

  it('that was cancelled leaves the version that is read, and drops what was built', async () => {
    const store = lasting()
    const headwater = await process(store, totalsApp('one'))
    await increment(headwater, 3)
    const rebuild = await headwater.rebuild('totals', { switch: 'asked' })
    await rebuild.done()
    await rebuild.cancel()
    await expect(rebuild.done()).rejects.toMatchObject({ code: 'view.rebuild-failed' })
    expect(await total(headwater, 3)).toMatchObject({ total: 3 })
    await expect(
      until(async () => {
        const gone = await store.documents.count('totals@2', 0, '').catch((error: unknown) => error)
        return typeof gone !== 'number'
      }),
    ).resolves.toBeUndefined()
    expect(await (await headwater.rebuild('totals')).done()).toMatchObject({ version: 3, state: 'switched' })
  })

  it('of the same code that is under way is joined', async () => {
    const store = lasting()
    const [one, other] = [await process(store, totalsApp('one')), await process(store, totalsApp('one'))]
    await increment(one, 3)
    const [first, second] = await Promise.all([one.rebuild('totals'), other.rebuild('totals')])
    expect([first.version, second.version]).toEqual([2, 2])
    await Promise.all([first.done(), second.done()])
    expect(await statesOf(other)).toEqual(['1 retired', '2 current'])
  })

  it('that other code has under way is left alone', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await increment(one, 3)
    await (await one.rebuild('totals', { switch: 'asked' })).done()
    const other = await process(store, totalsApp('two'))
    await expect(other.rebuild('totals')).rejects.toMatchObject({ code: 'view.rebuild-running' })
  })

  it('that other code had under way when it ended is replaced', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await increment(one, 3)
    await (await one.rebuild('totals', { switch: 'asked' })).done()
    await one.close()
    const other = await process(store, totalsApp('two'))
    expect(await (await other.rebuild('totals')).done()).toMatchObject({ version: 3, state: 'switched' })
    expect(await total(other, 3)).toMatchObject({ total: 3, code: 'two' })
  })

  it('goes on in the next process of its code where one has ended', async () => {
    const store = lasting()
    const one = await process(store, totalsApp('one'))
    await increment(one, 3)
    await one.rebuild('totals', { switch: 'asked' })
    await one.close()
    const next = await process(store, totalsApp('one'))
    const rebuild = await next.versions('totals').rebuilding()
    await until(async () => (await rebuild.progress()).state === 'ready')
    expect(await rebuild.progress()).toMatchObject({ version: 2, position: 3, isHere: true })
  })

  it('is seen by a process that runs no processors, and done by another one', async () => {
    const store = lasting()
    const gateway = await process(store, totalsApp('one'), { processors: false })
    await increment(gateway, 3)
    const rebuild = await gateway.rebuild('totals')
    expect(await rebuild.progress()).toMatchObject({ state: 'building', position: 0, isHere: false })
    await process(store, totalsApp('one'))
    expect(await rebuild.done()).toMatchObject({ state: 'switched', position: 3 })
    expect(await total(gateway, 3)).toMatchObject({ total: 3 })
  })

  it('is done by a process that runs no processors, if that is wanted', async () => {
    const gateway = await process(lasting(), totalsApp('one'), { processors: false })
    await increment(gateway, 3)
    expect(await (await gateway.rebuild('totals', { here: true })).done()).toMatchObject({
      state: 'switched',
    })
  })

  it('of a live view is refused, and of no view', async () => {
    const headwater = await process(lasting(), totalsApp('one', 'live'))
    expect(() => headwater.versions('totals')).toThrow(expect.objectContaining({ code: 'view.not-stored' }))
    expect(() => headwater.versions('nothing')).toThrow(expect.objectContaining({ code: 'view.unknown' }))
  })

  it('that never was is not found', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await expect(headwater.versions('totals').rebuilding()).rejects.toMatchObject({ code: 'view.no-rebuild' })
  })

  it('tells how fast it is, and ends its updates with the switch', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await increment(headwater, 5)
    const states: string[] = []
    for await (const { state } of (await headwater.rebuild('totals')).updates({ interval: 5 }))
      states.push(state)
    expect(states.at(-1)).toBe('switched')
  })
})

describe('a rebuild that meets events it can’t fold', () => {
  const fragile = view('totals', {
    events: [Incremented],
    initial: { total: 0 },
    on: {
      Incremented: (doc, { data }) => {
        if (data.by === 13) throw new Error('unlucky')
        return { total: doc.total + data.by }
      },
    },
  })
  const definition = app({ name: 'totals', aggregates: [counter], views: [fragile] })

  it('does not switch, lists them, and serves the version before', async () => {
    const headwater = await process(lasting(), definition)
    for (const by of [1, 13, 2]) await headwater.execute(Increment({ counterId: 'a', by }))
    const rebuild = await headwater.rebuild('totals')
    await expect(rebuild.done()).rejects.toMatchObject({ code: 'view.rebuild-blocked' })
    expect(await rebuild.progress()).toMatchObject({
      state: 'blocked',
      parked: 2,
      errors: [{ sequence: 'a', position: 2, error: 'Error: unlucky' }],
    })
    expect(await statesOf(headwater)).toEqual(['1 current', '2 building'])
  })

  it('switches if it is told to', async () => {
    const headwater = await process(lasting(), definition)
    for (const by of [1, 13, 2]) await headwater.execute(Increment({ counterId: 'a', by }))
    await expect((await headwater.rebuild('totals')).done()).rejects.toMatchObject({
      code: 'view.rebuild-blocked',
    })
    const switching = await headwater.versions('totals').switchTo(2, { withParked: true })
    expect(await switching.done()).toMatchObject({ state: 'switched', parked: 2 })
    expect(await headwater.processor('totals').parked.list()).toHaveLength(2)
  })
})

describe('tenants', () => {
  it('have to be meant where there are others', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await headwater.execute(Increment({ counterId: 'a', by: 1 }))
    await headwater.execute(Increment({ counterId: 'a', by: 5 }), { tenant: 'acme' })
    await expect(headwater.rebuild('totals')).rejects.toMatchObject({ code: 'view.other-tenants' })
    await expect(headwater.versions('totals').switchTo(1)).rejects.toMatchObject({
      code: 'view.other-tenants',
    })
    await (await headwater.rebuild('totals', { allTenants: true })).done()
    const reader = headwater.view(totals('one'))
    expect(await reader.get('all', { waitFor: 2 })).toMatchObject({ doc: { total: 1 } })
    expect(await reader.get('all', { waitFor: 2, tenant: 'acme' })).toMatchObject({ doc: { total: 5 } })
  })
})

describe('a version that was replaced', () => {
  it('can be switched back to, when it has caught up', async () => {
    const headwater = await process(lasting(), totalsApp('one'))
    await increment(headwater, 3)
    await (await headwater.rebuild('totals')).done()
    const position = await increment(headwater, 4)
    await (await headwater.versions('totals').switchTo(1)).done()
    expect(await statesOf(headwater)).toEqual(['1 current', '2 retired'])
    expect(await total(headwater, position)).toMatchObject({ total: 7 })
  })

  it('is dropped on command, but not while it is read', async () => {
    const store = lasting()
    const headwater = await process(store, totalsApp('one'))
    await increment(headwater, 3)
    await (await headwater.rebuild('totals')).done()
    await headwater.versions('totals').drop(1)
    expect(await statesOf(headwater)).toEqual(['2 current'])
    await expect(store.documents.count('totals@1', 0, '')).rejects.toMatchObject({ code: 'view.unknown' })
    await expect(headwater.versions('totals').drop(2)).rejects.toMatchObject({ code: 'view.version-current' })
    await expect(headwater.versions('totals').switchTo(1)).rejects.toMatchObject({
      code: 'view.version-unknown',
    })
  })

  it('is read on by those who have not heard of it, until they ask again', async () => {
    const store = lasting()
    const headwater = await process(store, totalsApp('one'))
    await increment(headwater, 3)
    const reader = await process(deaf(store), totalsApp('one'), { processors: false })
    await (await headwater.rebuild('totals')).done()
    expect(await reader.view(totals('one')).get('all')).toMatchObject({ doc: { total: 3 } })
    await headwater.versions('totals').drop(1)
    expect(await reader.view(totals('one')).get('all')).toMatchObject({ doc: { total: 3 } })
  })
})
