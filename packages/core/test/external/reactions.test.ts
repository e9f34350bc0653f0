import { type ExternalMode, memoryStore, type Store } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { running, until } from '../support/running.ts'
import { Bureau, Convert, exchange } from './support.ts'

const convert = Convert({ purseId: 'a', amount: 1 })

describe('a subscription that calls the outside', () => {
  it('has its answers journaled under its name and the event', async () => {
    const bureau = new Bureau()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched)
    const { events } = await headwater.execute(convert)
    await until(() => seen.length === 1)
    const [call] = await headwater.externals.calls()
    expect(call?.caller).toEqual({ kind: 'reaction', name: 'watch', id: events[0]?.id, series: '' })
    expect([call?.request, call?.answer]).toEqual([{ from: 'USD', to: 'EUR' }, { rate: 2 }])
  })

  it('makes its call again where it failed, and not where it was answered', async () => {
    const bureau = new Bureau()
    const { watched, seen } = exchange(bureau)
    bureau.answer = ({ from }) => {
      if (from === 'USD' && bureau.asked.length < 4) throw new Error('no line')
      return { rate: bureau.asked.length }
    }
    const headwater = await running(watched)
    await headwater.execute(convert)
    await until(() => seen.length === 1)
    expect(new Set(bureau.keys.slice(1)).size).toBe(1)
    expect(seen).toEqual([4])
    expect((await headwater.externals.calls())[0]).toMatchObject({ status: 'answered', attempts: 3 })
  })
})

describe('a subscription that was reset', () => {
  it('gets the answers of then, and reaches nothing', async () => {
    const bureau = new Bureau()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched)
    await headwater.execute(convert)
    await headwater.execute(convert)
    await until(() => seen.length === 2)
    await headwater.processor('watch').reset({ to: 'beginning', repeatEffects: true })
    await until(() => seen.length === 4)
    expect(seen.slice(2)).toEqual(seen.slice(0, 2))
    expect(bureau.asked).toHaveLength(4)
    // What comes after that is handled for the first time.
    await headwater.execute(convert)
    await until(() => seen.length === 5)
    expect(bureau.asked).toHaveLength(6)
  })

  it('is refused what was not asked then, and that is reported', async () => {
    const bureau = new Bureau()
    const store = memoryStore()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched, { store })
    const { events } = await headwater.execute(convert)
    await until(() => seen.length === 1)
    await forget(store)
    const watch = headwater.processor('watch')
    await watch.reset({ to: 'beginning', repeatEffects: true })
    await until(async () => (await watch.parked.sequences()).length === 1)
    expect(bureau.asked).toHaveLength(2)
    expect(headwater.externals.blocked()[0]).toMatchObject({
      external: 'exchange-rate',
      caller: { kind: 'reaction', name: 'watch', id: events[0]?.id },
      why: 'this call has no answer in the journal',
    })
    expect(headwater.externals.list()[0]?.counts).toMatchObject({ blocked: 3 })
    // Nothing is journaled of it: the journal holds what was asked of the outside.
    expect(await headwater.externals.calls()).toEqual([])
  })

  it('may reach out for a parked event that an operator has tried again', async () => {
    const bureau = new Bureau()
    const store = memoryStore()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched, { store })
    await headwater.execute(convert)
    await until(() => seen.length === 1)
    await forget(store)
    const watch = headwater.processor('watch')
    await watch.reset({ to: 'beginning', repeatEffects: true })
    await until(async () => (await watch.parked.sequences()).length === 1)
    await watch.parked.retry()
    await until(() => seen.length === 2)
    expect(bureau.asked).toHaveLength(3)
  })

  it('remembers what it had handled before, however often it is reset', async () => {
    const bureau = new Bureau()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched)
    for (let count = 1; count <= 3; count += 1) {
      await headwater.execute(convert)
      await until(() => seen.length === count)
    }
    const watch = headwater.processor('watch')
    await watch.reset({ to: { position: 2 }, repeatEffects: true })
    await until(() => seen.length === 5)
    await watch.reset({ to: 'beginning', repeatEffects: true })
    await until(() => seen.length === 8)
    expect(seen.slice(5)).toEqual(seen.slice(0, 3))
    expect(bureau.asked).toHaveLength(6)
  })

  it('that handled only a part of the log replays only that', async () => {
    const bureau = new Bureau()
    const { watched, seen } = exchange(bureau)
    const headwater = await running(watched)
    await headwater.execute(convert)
    await until(() => seen.length === 1)
    const watch = headwater.processor('watch')
    await watch.pause()
    await headwater.execute(convert)
    await watch.reset({ to: 'beginning', repeatEffects: true })
    await watch.resume()
    await until(() => seen.length === 3)
    expect(seen[1]).toBe(seen[0])
    expect(bureau.asked).toHaveLength(4)
  })
})

it('reprocessing reaches out, with a key of its own', async () => {
  const bureau = new Bureau()
  const { watched, seen } = exchange(bureau)
  const headwater = await running(watched)
  await headwater.execute(convert)
  await until(() => seen.length === 1)
  const job = await headwater.processor('watch').reprocess({ from: 1, why: 'the rates were wrong' })
  await job.ended()
  expect(seen).toHaveLength(2)
  expect(new Set(bureau.keys).size).toBe(3)
  const [call] = await headwater.externals.calls()
  expect(call?.caller.series).toBe(`job/${job.id}`)
})

describe('a process whose externals are', () => {
  const withMode = async (externals: ExternalMode | Readonly<Record<string, ExternalMode>>, store: Store) => {
    const bureau = new Bureau()
    const { app: what } = exchange(bureau)
    return { bureau, headwater: await running(what, { store, externals }) }
  }

  it('blocked reaches nothing', async () => {
    const { bureau, headwater } = await withMode('blocked', memoryStore())
    await expect(headwater.execute(convert)).rejects.toMatchObject({ code: 'external.blocked' })
    expect(bureau.asked).toEqual([])
    expect(headwater.externals.list()[0]).toMatchObject({ mode: 'blocked', counts: { blocked: 1 } })
  })

  it('recorded answers the same request with what was answered last, whoever asked', async () => {
    const store = memoryStore()
    const live = await running(exchange(new Bureau()).app, { store })
    await live.execute(convert)
    await live.execute(convert)
    const { bureau, headwater } = await withMode({ 'exchange-rate': 'recorded' }, store)
    await headwater.execute(convert)
    const { events } = await headwater.readStream('purse-a')
    expect(events.map(({ data }) => (data as { rate: number }).rate)).toEqual([1, 2, 2])
    expect((await headwater.commands())[2]?.reads.externals).toEqual([['exchange-rate', 2]])
    const other = Convert({ purseId: 'a', amount: 1, to: 'GBP' })
    await expect(headwater.execute(other)).rejects.toMatchObject({ code: 'external.blocked' })
    expect(bureau.asked).toEqual([])
  })

  it('replayed answers the same call only', async () => {
    const store = memoryStore()
    const bureau = new Bureau()
    const live = await running(exchange(bureau).app, { store })
    bureau.answer = () => Promise.reject(new Error('no line'))
    await expect(live.execute(convert, { id: 'c-1' })).rejects.toMatchObject({ code: 'external.failed' })
    bureau.answer = () => ({ rate: 7 })
    await live.execute(convert, { id: 'c-2' })
    const replayed = await withMode('replayed', store)
    // A failure is an answer, too: code is told the very same again.
    await expect(replayed.headwater.execute(convert, { id: 'c-1' })).rejects.toMatchObject({
      code: 'external.failed',
      message: 'exchange-rate failed: no line',
    })
    await expect(replayed.headwater.execute(convert, { id: 'c-3' })).rejects.toMatchObject({
      code: 'external.blocked',
    })
    expect(replayed.bureau.asked).toEqual([])
  })
})

async function forget(store: Store): Promise<void> {
  await store.externals.prune({ branch: 0, before: Date.now() + 1_000, limit: 100 })
}
