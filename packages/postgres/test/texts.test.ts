import { appendWithin } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { positionsOf } from './requests.ts'
import { openTrial, schemaOf, server } from './support.ts'

const invalid = { code: 'log.invalid-text' }

describe.skipIf(server === undefined)('a text that PostgreSQL can’t hold', () => {
  it('is refused before anything is staged in a transaction of a user’s own, which goes on', async () => {
    const database = randomUUID()
    const store = await openTrial({ database })
    onTestFinished(() => store.close())
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    onTestFinished(() => client.end())
    const happened = { type: 'Happened', version: 1, data: { zero: '\u0000' }, occurredAt: undefined }
    const within = (tag: string) =>
      appendWithin(client, [{ stream: 'a-1', events: [{ ...happened, tags: [tag] }] }], {
        schema: schemaOf(database),
      })
    await client.query('BEGIN')
    await expect(within('a\u0000b')).rejects.toMatchObject(invalid)
    await within('fine')
    await client.query('COMMIT')
    expect(await positionsOf(store)).toEqual([1])
    const page = await store.log.read({ branch: 0, tenant: '', after: 0, limit: 10 })
    expect(page.events[0]?.data).toBe('{"zero":"\\u0000"}')
  })

  it('is told by its code wherever else it is asked for', async () => {
    const store = await openTrial({ database: randomUUID() })
    onTestFinished(() => store.close())
    expect(await store.commands.find(0, '', 'a\u0000b')).toBeUndefined()
    const caller = { kind: 'command', name: 'Pay', id: 'a\u0000b', series: '' } as const
    const call = { branch: 0, tenant: '', caller, external: 'bank', hash: 'h', number: 1, request: '{}' }
    await expect(store.externals.intend(call)).rejects.toMatchObject(invalid)
  })
})
