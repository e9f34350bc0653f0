import type { DocumentQuery } from '@headwater/core'
import { postgresStore, postgresViews } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { programs } from './cluster.ts'
import { writeTo } from './documents.ts'
import { dumpOf, restore, statementsOf } from './dump.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

/** The programs of another release write the same otherwise. */
const isSameRelease = programs?.includes('/15/') === true

describe.skipIf(server === undefined || !isSameRelease)('the tables that the migrations make', () => {
  it('of a log are those that were agreed on', async () => {
    const database = randomUUID()
    await (await openTrial({ database })).close()
    const schema = schemaOf(database)
    const dump = await dumpOf(server ?? '', [schema, `${schema}_tables`], '--schema-only', '-O', '-x')
    const names = { [`${schema}_tables`]: 'headwater_tables', [schema]: 'headwater' }
    await expect(statementsOf(dump, names)).toMatchFileSnapshot('./schema.sql')
  })

  it('of views are those that were agreed on', async () => {
    const schema = schemaOf(randomUUID())
    const views = postgresViews({ url: server, schema }).open()
    await views.define('orders', ['total'], true)
    await views.close()
    const dump = await dumpOf(server ?? '', [schema], '--schema-only', '-O', '-x')
    await expect(statementsOf(dump, { [schema]: 'headwater_views' })).toMatchFileSnapshot(
      './views-schema.sql',
    )
  })
})

describe.skipIf(server === undefined || programs === undefined)(
  'documents in a dump that is restored',
  () => {
    it('are found, sorted and written as before, by the same indexes', async () => {
      const database = randomUUID()
      const schema = schemaOf(database)
      const store = await openTrial({ database })
      await store.documents.define('orders', ['total', 'address.city'], true)
      const place = { collection: 'orders', branch: 0, tenant: '' }
      const documents = ['Rome\u0000', 'Paris', '\ud834', 'Oslo'].map((city, n) => ({
        ...place,
        key: `k${n}`,
        document: JSON.stringify({ total: 10 - n, address: { city } }),
        words: `word${n} all`,
        expectedVersion: undefined,
        position: 7,
      }))
      await writeTo(store, documents)
      const query: DocumentQuery = { ...place, filters: [], sort: [], limit: 10, after: undefined }
      const queries: readonly DocumentQuery[] = [
        query,
        { ...query, sort: [{ path: 'address.city', descending: true }] },
        { ...query, filters: [{ path: 'total', operator: 'lt', value: 9 }] },
        { ...query, search: ['all', 'word2'] },
      ]
      const pages = await Promise.all(queries.map((one) => store.documents.list(one)))
      const dump = await dumpOf(server ?? '', [schema, `${schema}_tables`])
      await store.close()

      const copy = `copy_${schema}`
      await administer(`CREATE DATABASE ${copy}`)
      const url = new URL(server ?? '')
      url.pathname = `/${copy}`
      await restore(url.href, dump)
      const restored = await postgresStore({ url: url.href, schema })
      expect(await Promise.all(queries.map((one) => restored.documents.list(one)))).toEqual(pages)
      await restored.documents.define('orders', ['total', 'address.city'], true)
      await writeTo(restored, [
        { ...documents[0], ...place, key: 'k9', words: 'new' } as (typeof documents)[0],
      ])
      expect((await restored.documents.list({ ...query, search: ['new'] })).items).toHaveLength(1)
      await restored.close()
      await administer(`DROP DATABASE ${copy}`)
    })
  },
)
