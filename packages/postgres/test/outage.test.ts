import type { EventRow, Store } from '@headwater/core'
import { GroupCommit } from '@headwater/core/group-commit'
import { postgresStore } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import { connect, createServer, type AddressInfo } from 'node:net'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Way, wayTo } from '../../conformance/test/support/cut-off.ts'
import { aCommand, aRequest, positionsOf, upTo } from './requests.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

const url = new URL(server ?? 'postgres://nobody@nowhere')

/** Opens a trial by another port of this machine. */
function openBy(port: number, database: string): Promise<Store> {
  const by = new URL(url)
  by.hostname = '127.0.0.1'
  by.port = String(port)
  return postgresStore({ url: by.href, schema: schemaOf(database), connections: 4 })
}

/** Holds the lock of a trial's log, like a process that froze in an append. */
async function holdLog(database: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`SET search_path = ${schemaOf(database)}; BEGIN; SELECT lock_log()`)
  return () => client.end()
}

/** The processes of the server in which appends of a trial wait for the lock. */
async function waiting(database: string): Promise<readonly number[]> {
  const rows = await administer(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND objid = '${schemaOf(database)}.events'::regclass::oid`,
  )
  return rows.map((row) => (row as { readonly pid: number }).pid)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe.skipIf(server === undefined)('while PostgreSQL is away', () => {
  let database: string
  let near: Store
  let way: Way

  beforeEach(async () => {
    database = randomUUID()
    near = await openTrial({ database })
    way = await wayTo(url.hostname, Number(url.port || 5432))
  })

  afterEach(async () => {
    await near.close()
    await way.close()
  })

  it('calls say so, and go on when it is back', async () => {
    const store = await openBy(way.port, database)
    await store.log.append([aRequest('a-1')])
    way.cut()
    for (let round = 0; round < 3; round += 1) {
      await expect(store.log.head(0)).rejects.toMatchObject({ code: 'log.unavailable' })
      await expect(store.log.append([aRequest('a-1')])).rejects.toMatchObject({ code: 'log.unavailable' })
    }
    way.mend()
    const [result] = await store.log.append([aRequest('a-1')])
    expect(result).toMatchObject({ status: 'appended', position: 2, revisions: [2] })
    expect(await positionsOf(store)).toEqual([1, 2])
    await store.close()
  })

  it('who listens hears of what was appended in the meantime', async () => {
    const store = await openBy(way.port, database)
    let calls = 0
    store.log.onAppended(() => {
      calls += 1
    })
    way.cut()
    await near.log.append([aRequest('a-1')])
    calls = 0
    way.mend()
    await until(async () => calls > 0 && (await store.log.head(0)).position === 1)
    expect(calls).toBeGreaterThan(0)
    await store.close()
  })

  it('an append that was cut off before it was done is done once', async () => {
    const store = await openBy(way.port, database)
    const letGo = await holdLog(database)
    const appending = store.log.append([aRequest('a-1', { command: aCommand })])
    await until(async () => (await waiting(database)).length === 1)
    const [first] = await waiting(database)
    way.cut()
    way.mend()
    // The one whose connection was cut waits on until it is ended.
    await until(async () => {
      const [second, ...others] = await waiting(database)
      return second !== undefined && second !== first && others.length === 0
    })
    await letGo()
    expect(await appending).toMatchObject([{ status: 'appended', position: 1 }])
    expect(await positionsOf(store)).toEqual([1])
    await store.close()
  })

  it('an append whose answer was lost is found by its command', async () => {
    const trap = await trapTo(url.hostname, Number(url.port || 5432), 'lost-1')
    const store = await openBy(trap.port, database)
    const commits = new GroupCommit(store.log, store.commands, () => undefined)
    await store.log.append([aRequest('b-1')])
    const result = await commits.append(aRequest('lost-1', { command: aCommand }))
    expect(result).toEqual({ status: 'duplicate' })
    expect(await positionsOf(store)).toEqual([1, 2])
    await store.close()
    await trap.close()
  })

  it('an append without a command whose answer was lost has an unknown outcome', async () => {
    const trap = await trapTo(url.hostname, Number(url.port || 5432), 'lost-1')
    const store = await openBy(trap.port, database)
    await store.log.append([aRequest('b-1')])
    await expect(store.log.append([aRequest('lost-1')])).rejects.toMatchObject({
      code: 'log.outcome-unknown',
    })
    await store.close()
    await trap.close()
  })

  it('connections that are cut at any time lose nothing and double nothing', async () => {
    const store = await openBy(way.port, database)
    const commits = new GroupCommit(store.log, store.commands, () => undefined)
    let isOver = false
    const cutting = (async () => {
      for (let cuts = 0; cuts < 15; cuts += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40))
        way.cut()
        way.mend()
      }
      isOver = true
    })()
    const ids: string[] = []
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      while (!isOver) {
        const request = aRequest(`s-${caller}`, { command: aCommand })
        ids.push(request.commandId)
        // As a client does: again with the same id until there is an answer.
        for (let isKnown = false; !isKnown; ) {
          isKnown = await commits.append(request).then(
            ({ status }) => status === 'appended' || status === 'duplicate',
            () => false,
          )
        }
      }
    })
    await Promise.all([cutting, ...callers])
    const events: EventRow[] = []
    for (let isEnd = false; !isEnd; ) {
      const after = events.length
      const page = await near.log.read({ branch: 0, tenant: undefined, after, limit: 1_000 })
      events.push(...page.events)
      isEnd = page.events.length === 0
    }
    expect(events.map(({ position }) => position)).toEqual(upTo(events.length))
    expect(events.map(({ commandId }) => commandId).toSorted()).toEqual(ids.toSorted())
    await store.close()
  })
})

/** A way on which the answer to what holds a text is lost, with the connection. */
async function trapTo(host: string, port: number, text: string) {
  const server = createServer((near) => {
    const far = connect(port, host)
    let isCaught = false
    near.on('data', (data) => {
      isCaught ||= data.includes(text)
      far.write(data)
    })
    far.on('data', (data) => {
      if (!isCaught) return near.write(data)
      near.destroy()
      return far.end()
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
