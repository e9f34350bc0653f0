import type { Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRequest } from './requests.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

/** Ends the connections of all stores of a trial on which they listen. */
async function hangUp(schema: string): Promise<number> {
  const rows = await administer(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'headwater' AND query LIKE '%headwater ${schema}%'`,
  )
  return rows.length
}

describe.skipIf(server === undefined)('news from another process', () => {
  let database: string
  let one: Store
  let other: Store

  beforeEach(async () => {
    database = randomUUID()
    one = await openTrial({ database })
    other = await openTrial({ database })
  })

  afterEach(async () => {
    await Promise.all([one.close(), other.close()])
  })

  it('is told to those who listen after the commit', async () => {
    const listener = new pg.Client({ connectionString: server })
    await listener.connect()
    await listener.query(`LISTEN "headwater ${schemaOf(database)}"`)
    const heard = new Promise<number>((resolve) => {
      listener.on('notification', () => void one.log.head(0).then(({ position }) => resolve(position)))
    })
    // What is sent before the line is open is lost: that is what the net is for.
    for (let isOver = false; !isOver; ) {
      await other.log.append([aRequest('a-1')])
      isOver = await Promise.race([
        heard.then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, 20, false)),
      ])
    }
    expect(await heard).toBeGreaterThan(0)
    await listener.end()
  })

  it('wakes a listener that can read it', async () => {
    const heard = new Promise<number>((resolve) => {
      one.log.onAppended(() => void one.log.head(0).then(({ position }) => position > 0 && resolve(position)))
    })
    await other.log.append([aRequest('a-1')])
    expect(await heard).toBe(1)
  })

  it('comes through when the connections on which it is told are lost', async () => {
    const positions: number[] = []
    let wake = (): void => undefined
    one.log.onAppended(
      () =>
        void one.log.head(0).then(({ position }) => {
          positions.push(position)
          wake()
        }),
    )
    for (let position = 1; position <= 3; position += 1) {
      await other.log.append([aRequest('a-1')])
      await hangUp(schemaOf(database))
      while (!positions.includes(position)) await new Promise<void>((resolve) => (wake = resolve))
    }
  })
})
