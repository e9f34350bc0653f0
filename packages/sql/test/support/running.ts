import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, type Headwater, openStore, type OpenOptions } from '@headwater/core'
import { sqliteStore, type SqliteStoreOptions } from '@headwater/sqlite'
import { onTestFinished } from 'vitest'

/** A path in a folder of its own, which is removed when the test is over. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-sql-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return join(folder, 'app.db')
}

/** Opens an app on a file until the test ends. */
export async function running(
  app: App,
  options: OpenOptions & Partial<SqliteStoreOptions> = {},
): Promise<Headwater> {
  const { path = newPath(), writer = 'inline', ...rest } = options
  const headwater = await openStore(app, await sqliteStore({ path, writer }), rest)
  onTestFinished(() => headwater.close())
  return headwater
}
