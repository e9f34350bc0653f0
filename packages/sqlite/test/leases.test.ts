import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaseOwner, type Store } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string
let store: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-leases-'))
  store = await sqliteStore({ path: join(folder, 'leases.db') })
})

afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const aMinute = 60_000

it('takes a lease over at once from a process of this machine that has ended', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.on('exit', resolve))
  const ended = `${child.pid}@${hostname()}/its-id`
  const before = await store.leases.acquire('work', ended, aMinute)
  const after = await store.leases.acquire('work', leaseOwner(), aMinute)
  expect(after?.token).toBe((before?.token ?? 0) + 1)
  expect(before && (await store.leases.renew(before, aMinute))).toBe(false)
})

it.each([
  ['a process that lives', () => leaseOwner()],
  ['a process of another machine', () => '999999@elsewhere/its-id'],
  ['an owner that says nothing of its process', () => 'somebody'],
])('leaves a lease to %s', async (_who, holder) => {
  await store.leases.acquire('work', holder(), aMinute)
  expect(await store.leases.acquire('work', leaseOwner(), aMinute)).toBeUndefined()
})
