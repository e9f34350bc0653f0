import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { aRequest, append, newPath, openStore, statuses, to } from './support.ts'

/** Another process that has the file open and does what it is told. */
async function neighbour(path: string): Promise<(task: 'append' | 'checkpoint') => Promise<void>> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./neighbour.ts', import.meta.url)), [path])
  onTestFinished(() => void child.kill())
  await once(child, 'message')
  return async (task) => {
    child.send(task)
    await once(child, 'message')
  }
}

it('what another process appends is noticed within a moment, and what appends nothing is not', async () => {
  const path = newPath()
  const store = await openStore({ path })
  const tell = await neighbour(path)
  let calls = 0
  let wake: () => void = () => undefined
  const woken = () => new Promise<void>((resolve) => (wake = resolve))
  const stop = store.log.onAppended(() => {
    calls++
    wake()
  })
  const first = woken()
  await tell('append')
  await first
  expect((await store.log.head(0)).position).toBe(1)
  const before = calls
  await tell('checkpoint')
  await sleep(60)
  expect(calls).toBe(before)
  const second = woken()
  await tell('append')
  await second
  stop()
  const last = calls
  await tell('append')
  await sleep(60)
  expect(calls).toBe(last)
})

it('an append’s own listeners are called once it is answered, and a listener that throws fails none', async () => {
  const store = await openStore()
  const heard: number[] = []
  store.log.onAppended((to) => {
    // A look at the file says nothing of how far it goes.
    if (to !== undefined) heard.push(to)
  })
  await append(store, aRequest([to('a-1')]))
  await append(store, aRequest([{ stream: 'a-1', expected: 'none', events: [] }]))
  await sleep(0)
  expect(heard).toEqual([1])
})

it('an append gives up with log.busy when a lock is held beyond the time limit, and the next one succeeds', async () => {
  const path = newPath()
  const store = await openStore({ path, busyTimeLimit: 80 })
  const console = new Database(path)
  console.exec('BEGIN IMMEDIATE')
  const asked = [append(store, aRequest([to('a-1')])), store.leases.acquire('work', 'me', 1_000)]
  const settled = await Promise.allSettled(asked)
  expect(settled).toMatchObject([
    { status: 'rejected', reason: { name: 'HeadwaterError', code: 'log.busy' } },
    { status: 'rejected', reason: { name: 'HeadwaterError', code: 'log.busy' } },
  ])
  expect((await store.log.head(0)).position).toBe(0)
  console.exec('ROLLBACK')
  console.close()
  expect(statuses(await append(store, aRequest([to('a-1')])))).toEqual(['appended'])
})

it('a collection that another process dropped and made anew is the new one', async () => {
  const path = newPath()
  const [one, other] = [await openStore({ path }), await openStore({ path })]
  const documents = [
    {
      collection: 'c',
      tenant: '',
      branch: 0,
      key: 'k',
      document: '{}',
      expectedVersion: undefined,
      position: undefined,
    },
  ]
  await one.documents.define('c', [])
  await append(one, aRequest([to('a-1')], { documents }))
  expect(await other.documents.count('c', 0, '')).toBe(1)
  await one.documents.drop('c')
  await expect(other.documents.count('c', 0, '')).rejects.toMatchObject({ code: 'view.unknown' })
  expect(statuses(await append(other, aRequest([to('a-1')], { documents })))).toEqual(['failed'])
  await one.documents.define('c', ['total'])
  expect(await other.documents.count('c', 0, '')).toBe(0)
  expect(statuses(await append(other, aRequest([to('a-1')], { documents })))).toEqual(['appended'])
})
