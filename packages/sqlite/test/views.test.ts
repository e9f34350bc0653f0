import { viewStoreConformance } from '@headwater/conformance'
import { app, event, isHeadwaterError, openStore as openApp, view } from '@headwater/core'
import { sqliteViews } from '@headwater/sqlite'
import Database from 'better-sqlite3'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newPath, openStore } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-sqlite-views-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

viewStoreConformance(
  'views in SQLite',
  ({ database }) => sqliteViews({ path: join(folder, `${database}.db`) }).open(),
  { durable: true },
)

const Added = event('Added', z.object({ to: z.string(), n: z.int() }))

describe('a view in a SQLite file of its own', () => {
  it('goes on where it stands when it is opened again, beside a log in another one', async () => {
    const sums = view('sums', {
      events: [Added],
      key: ({ data }) => data.to,
      initial: { sum: 0 },
      on: { Added: ({ sum }, { data }) => ({ sum: sum + data.n }) },
      store: sqliteViews({ path: newPath() }),
    })
    const path = newPath()
    for (const round of [1, 2, 3]) {
      const headwater = await openApp(app({ name: 'sums', views: [sums] }), await openStore({ path }))
      const { position } = await headwater.append('a-1', [Added({ to: 'k', n: 5 }), Added({ to: 'l', n: 1 })])
      expect((await headwater.view(sums).get('k', { waitFor: position }))?.doc).toEqual({ sum: 5 * round })
      await headwater.close()
    }
  })

  it('is not to be had while another process has the file, and then it is', async () => {
    const path = newPath()
    const store = sqliteViews({ path, busyTimeLimit: 1 }).open()
    await store.define('things', [])
    const neighbour = new Database(path)
    neighbour.exec('BEGIN IMMEDIATE')
    const checkpoint = { epoch: 'e', position: 1, eventId: null }
    const commit = { collection: 'things', branch: 0, from: undefined, checkpoint, token: 1, documents: [] }
    const refused = await store.commit(commit).catch((error: unknown) => error)
    expect(isHeadwaterError(refused, 'view.store-unavailable')).toBe(true)
    neighbour.exec('ROLLBACK')
    neighbour.close()
    await store.commit(commit)
    expect(await store.position('things', 0)).toEqual(checkpoint)
    await store.close()
  })

  it('is asked for again where it could not be opened', async () => {
    const parent = join(folder, 'later')
    const store = sqliteViews({ path: join(parent, 'views.db') }).open()
    await expect(store.define('things', [])).rejects.toMatchObject({ code: 'view.store-unavailable' })
    mkdirSync(parent)
    await store.define('things', [])
    await store.close()
    await expect(store.count('things', 0, '')).rejects.toMatchObject({ code: 'log.closed' })
  })
})
