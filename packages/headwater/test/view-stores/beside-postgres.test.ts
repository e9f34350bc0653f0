import { open, type Headwater, type RoleOptions } from 'headwater'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { schemaOf, server } from '../../../postgres/test/support.ts'
import { accountsIn, balancesOf, Deposit, recomputed, shown } from './accounts.ts'
import { engines, type TestPlace } from './engines.ts'
import { databaseAt, type Place } from './places.ts'
import { type Death, start, type Task } from './process.ts'

vi.setConfig({ testTimeout: 300_000 })

const deaths: readonly Death[] = [
  { when: 'during', commit: 1 },
  { when: 'before', commit: 2 },
  { when: 'after', commit: 2 },
]

/** A log in PostgreSQL and an empty place for its view, until the test ends. */
async function beside(make: () => Promise<TestPlace>) {
  const { place, clear } = await make()
  onTestFinished(async () => {
    await clear()
  })
  const db = `${server}?schema=${schemaOf(randomUUID())}`
  return {
    open: (roles: RoleOptions['roles'] = []) => openHere(db, place, roles),
    start: (task: Omit<Task, 'db' | 'place'>) => start({ db, place, ...task }),
  }
}

async function openHere(db: string, place: Place, roles: RoleOptions['roles'] = []): Promise<Headwater> {
  const headwater = await open(accountsIn(databaseAt(place)).accounts, { db, roles, leaseDuration: 500 })
  onTestFinished(() => headwater.close())
  return headwater
}

/** So many deposits into a few accounts. */
async function deposit(headwater: Headwater, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `a${n % 17}`)
  await Promise.all(ids.map((accountId, n) => headwater.execute(Deposit({ accountId, amount: n % 10 }))))
}

/** Does something over and over until something else is over. */
async function during(awaited: Promise<unknown>, act: () => Promise<void>): Promise<void> {
  let isOver = false
  const end = (): void => {
    isOver = true
  }
  awaited.then(end, end)
  while (!isOver) {
    await act()
    // So that those who follow get their turn, on a machine that has few.
    await pause(20)
  }
  await awaited
}

async function currentOf(headwater: Headwater): Promise<number> {
  const versions = await headwater.versions('balances').list()
  return versions.filter(({ state }) => state === 'current').length
}

describe.skipIf(server === undefined).each(engines)(
  'a view in %s of a log in PostgreSQL',
  (_engine, make) => {
    it('has every event once and in order, whenever those who follow are killed', async () => {
      const app = await beside(make)
      const writer = await app.open()
      for (const [round, death] of deaths.entries()) {
        const follower = app.start({ kind: 'follow', owner: `follower-${round}`, death })
        await during(follower.ended, () => deposit(writer, 10))
        expect(await follower.ended).toBe('SIGKILL')
      }
      const last = await app.open(['views'])
      expect(await shown(last)).toEqual(await recomputed(last))
    })

    it('is built anew beside traffic, though those who build it are killed', async () => {
      const app = await beside(make)
      const writer = await app.open()
      await deposit(writer, 60)
      for (const round of [1, 2]) {
        const builder = app.start({ kind: 'rebuild', owner: `builder-${round}` })
        await during(builder.until('switched'), () => deposit(writer, 5))
        await builder.kill()
      }
      const last = await app.open(['views'])
      expect(await shown(last)).toEqual(await recomputed(last))
      const { version } = await (await last.rebuild('balances')).done()
      expect(version).toBeGreaterThan(3)
      expect(await shown(last)).toEqual(await recomputed(last))
      expect(await currentOf(last)).toBe(1)
    })

    it('shows each process what it has written, whoever folds it', async () => {
      const app = await beside(make)
      const here = await app.open()
      const follower = app.start({ kind: 'follow', owner: 'follower' })
      const writer = app.start({ kind: 'write', owner: 'writer' })
      await writer.until('read', 5)
      const own = new Map<string, number>()
      for (let n = 1; n <= 15; n += 1) {
        const accountId = `here-${n % 3}`
        const { position } = await here.execute(Deposit({ accountId, amount: 1 }))
        own.set(accountId, (own.get(accountId) ?? 0) + 1)
        const row = await balancesOf(here).get(accountId, {
          ...(position !== undefined && { waitFor: position }),
          timeLimit: 30_000,
        })
        expect(row?.doc.deposits).toBe(own.get(accountId))
        // What another process was told is seen here, too.
        const other = writer.told.findLast((told) => told.kind === 'read')
        if (other?.kind !== 'read') throw new Error('It has read')
        const theirs = await balancesOf(here).get(other.account, {
          waitFor: other.position,
          timeLimit: 30_000,
        })
        expect(theirs?.doc.deposits).toBeGreaterThanOrEqual(other.deposits)
      }
      await writer.kill()
      await follower.kill()
      const theirs = new Map<string, number>()
      for (const told of writer.told) {
        if (told.kind !== 'read') continue
        theirs.set(told.account, (theirs.get(told.account) ?? 0) + 1)
        expect(told.deposits).toBe(theirs.get(told.account))
      }
    })
  },
)
