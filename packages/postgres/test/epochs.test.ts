import { isOfHistory, type Store } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, programs } from './cluster.ts'
import { aRequest, positionsOf, upTo } from './requests.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

const run = promisify(execFile)

async function append({ log }: Store, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await log.append([aRequest('a-1')])
}

describe.skipIf(server === undefined || programs === undefined)('a dump that is restored', () => {
  it('begins an epoch that goes on from where it was taken', async () => {
    const database = randomUUID()
    const copy = `copy_${schemaOf(database)}`
    const original = await openTrial({ database })
    await append(original, 5)
    const { epoch } = await original.log.head(0)
    const schemas = [schemaOf(database), `${schemaOf(database)}_tables`].flatMap((schema) => ['-n', schema])
    const dump = await run(join(programs ?? '', 'pg_dump'), ['-d', server ?? '', ...schemas], {
      maxBuffer: 64 * 1024 * 1024,
    })
    await append(original, 3)
    await administer(`CREATE DATABASE ${copy}`)
    const url = new URL(server ?? '')
    url.pathname = `/${copy}`
    const child = run('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', url.href])
    child.child.stdin?.end(dump.stdout)
    await child

    const restored = await postgresStore({ url: url.href, schema: schemaOf(database), connections: 2 })
    const head = await restored.log.head(0)
    expect(head.position).toBe(5)
    expect(head.epoch).not.toBe(epoch)
    expect(isOfHistory({ epoch, position: 5 }, head)).toBe(true)
    expect(isOfHistory({ epoch, position: 6 }, head)).toBe(false)
    expect(isOfHistory({ epoch: 'of another log', position: 1 }, head)).toBe(false)
    await append(restored, 1)
    expect(await positionsOf(restored)).toEqual(upTo(6))
    // What was not touched goes on as it was.
    expect((await original.log.head(0)).epoch).toBe(epoch)
    await Promise.all([restored.close(), original.close()])
    await administer(`DROP DATABASE ${copy}`)
  })

  it('begins one epoch, though ten processes find it together', async () => {
    const database = randomUUID()
    const first = await openTrial({ database })
    await append(first, 2)
    await first.close()
    await administer(`UPDATE ${schemaOf(database)}.epochs SET identity = 'another cluster'`)
    const stores = await Promise.all(Array.from({ length: 10 }, () => openTrial({ database })))
    const heads = await Promise.all(stores.map(({ log }) => log.head(0)))
    expect(new Set(heads.map(({ epoch }) => epoch)).size).toBe(1)
    expect(await administer(`SELECT number FROM ${schemaOf(database)}.epochs ORDER BY number`)).toEqual([
      { number: 1 },
      { number: 2 },
    ])
    await Promise.all(stores.map((store) => store.close()))
  })
})

describe.skipIf(programs === undefined)('a failover', () => {
  let primary: Cluster

  beforeAll(async () => {
    primary = await Cluster.make()
  })

  afterAll(() => primary.remove())

  it('that loses nothing that a process has seen is gone on from, by it and by its readers', async () => {
    const replica = await Cluster.follow(primary)
    const way = await wayTo(primary.port)
    const store = await postgresStore({ url: way.url, schema: 'kept', connections: 2 })
    await append(store, 5)
    const { epoch } = await store.log.head(0)
    await primary.replicated(replica)
    await replica.letGo()
    // Others append what this process doesn't see.
    const other = await postgresStore({ url: primary.url, schema: 'kept', connections: 2 })
    await append(other, 3)
    await replica.promote()
    way.leadTo(replica.port)

    const result = await untilAnswered(() => store.log.append([aRequest('a-1')]))
    expect(result).toMatchObject([{ status: 'appended', position: 6, revisions: [6] }])
    const head = await store.log.head(0)
    expect(head.epoch).not.toBe(epoch)
    expect(isOfHistory({ epoch, position: 5 }, head)).toBe(true)
    expect(isOfHistory({ epoch, position: 6 }, head)).toBe(false)

    const lease = await store.leases.acquire('late', 'one', 60_000)
    const commit = { processor: 'late', branch: 0, documents: [], park: [], unpark: [] }
    const checkpoint = (position: number) => ({ epoch, position, eventId: null })
    if (lease === undefined) throw new Error('The lease is taken')
    await store.progress.commit({ ...commit, lease, checkpoint: checkpoint(5) })
    await expect(
      store.progress.commit({ ...commit, lease, checkpoint: checkpoint(6) }),
    ).rejects.toMatchObject({ code: 'processor.fenced' })

    await other.close()
    await store.close()
    await way.close()
    await replica.remove()
  })

  it('that loses what a process has seen stops it; a new one goes on from what is left', async () => {
    const replica = await Cluster.follow(primary)
    const way = await wayTo(primary.port)
    const store = await postgresStore({ url: way.url, schema: 'lost', connections: 2 })
    await append(store, 5)
    const { epoch } = await store.log.head(0)
    await primary.replicated(replica)
    await replica.letGo()
    await append(store, 3)
    await replica.promote()
    way.leadTo(replica.port)

    const refused = await untilAnswered(() =>
      store.log.append([aRequest('a-1')]).then(
        () => undefined,
        (error: unknown) => {
          if (codeOf(error) === 'log.diverged') return 'log.diverged'
          throw error
        },
      ),
    )
    expect(refused).toBe('log.diverged')
    const query = { branch: 0, tenant: undefined, after: 0, limit: 1 }
    await expect(store.log.read(query)).rejects.toMatchObject({ code: 'log.diverged' })
    await expect(store.log.head(0)).rejects.toMatchObject({ code: 'log.diverged' })
    await store.close()

    const again = await postgresStore({ url: way.url, schema: 'lost', connections: 2 })
    await append(again, 1)
    expect(await positionsOf(again)).toEqual(upTo(6))
    expect((await again.log.head(0)).earlier).toEqual(new Map([[epoch, 5]]))
    await again.close()
    await way.close()
    await replica.remove()
  })
})

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Tries again while the database can't be reached. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const code = codeOf(error)
      if (code !== 'log.unavailable' && code !== 'log.outcome-unknown') throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** An address that leads to one server, and then to another. */
async function wayTo(port: number) {
  let target = port
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    leadTo: (other: number) => {
      target = other
      cut()
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
