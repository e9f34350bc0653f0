import { viewStoreConformance } from '@headwater/conformance'
import { postgresViews } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { wayTo } from '../../conformance/test/support/cut-off.ts'
import { losesNothing } from '../../conformance/test/support/sums.ts'
import { administer, schemaOf, server } from './support.ts'

const viewsIn = (database: string) => ({ url: server, schema: schemaOf(database) })

describe.skipIf(server === undefined)('PostgreSQL', () => {
  viewStoreConformance('views in PostgreSQL', ({ database }) => postgresViews(viewsIn(database)).open(), {
    durable: true,
  })
})

describe.skipIf(server === undefined)('a view in PostgreSQL', () => {
  // oxlint-disable-next-line vitest/expect-expect -- what is shared by all databases expects it
  it('loses and doubles nothing, though the way there is cut off again and again', async () => {
    const url = new URL(server ?? '')
    const way = await wayTo(url.hostname, Number(url.port || 5432))
    url.host = `127.0.0.1:${way.port}`
    try {
      await losesNothing(postgresViews({ ...viewsIn(randomUUID()), url: url.href }), way)
    } finally {
      await way.close()
    }
  })
})

describe('views in PostgreSQL', () => {
  it('need a URL, and never tell its password', () => {
    const secret = 'postgres://ada:hunter2@db/shop'
    expect(postgresViews({ url: secret }).name).toBe('postgres:db/shop')
    for (const url of [undefined, '', 'mariadb://ada:hunter2@db/shop', 'hunter2'])
      expect(() => postgresViews({ url })).toThrow(/^(?!.*hunter2).*(?:PostgreSQL|postgres:)/)
    expect(() => postgresViews({ url: secret, schema: 'a"; DROP' })).toThrow('schema')
  })

  it.skipIf(server === undefined)('that lie in the schema of somebody else are refused', async () => {
    const schema = schemaOf(randomUUID())
    await administer(`CREATE SCHEMA ${schema}`)
    await administer(`CREATE TABLE ${schema}.theirs (id integer)`)
    const store = postgresViews({ url: server, schema }).open()
    await expect(store.define('things', [])).rejects.toMatchObject({ code: 'log.format' })
    await store.close()
  })
})
