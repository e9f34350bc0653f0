import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inspectPostgres } from '../src/inspect.ts'
import { openDatabase } from '../src/open-database.ts'
import { administer, openTrial, quickServer, schemaOf, server } from './support.ts'

/** What the connections of a store are set to. */
async function settingsOf(
  options: string | undefined,
  ...names: readonly string[]
): Promise<readonly string[]> {
  const url = new URL(server ?? '')
  if (options !== undefined) url.searchParams.set('options', options)
  const database = openDatabase({ url: url.href, schema: 'here' })
  onTestFinished(() => database.close())
  const { rows } = await database.run<[string]>(
    {
      text: 'SELECT current_setting(name) FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, n) ORDER BY n',
    },
    [names],
  )
  return rows.map(([value]) => value)
}

describe.skipIf(server === undefined)('a connection to PostgreSQL', () => {
  it('waits for the disk, whatever the database is set to', async () => {
    await administer(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`,
    )
    expect(await settingsOf(undefined, 'synchronous_commit')).toEqual(['on'])
  })

  it('has the settings of its URL', async () => {
    const options = '-c synchronous_commit=remote_apply -c work_mem=5MB'
    expect(await settingsOf(options, 'synchronous_commit', 'work_mem')).toEqual(['remote_apply', '5MB'])
  })

  it('keeps those that its statements depend on, whatever its URL says', async () => {
    const options =
      '-c search_path=public -c TimeZone=Asia/Tokyo -c default_transaction_isolation=serializable'
    expect(
      await settingsOf(
        options,
        'search_path',
        'TimeZone',
        'default_transaction_isolation',
        'synchronous_commit',
      ),
    ).toEqual(['here,here_tables,pg_catalog', 'UTC', 'read committed', 'on'])
  })

  it('that does not wait for the disk is found by an inspection', async () => {
    const database = randomUUID()
    await (await openTrial({ database })).close()
    const isDurable = async (text = '') => {
      const url = new URL(text)
      url.searchParams.set('schema', schemaOf(database))
      return (await inspectPostgres(url.href))?.isDurable
    }
    expect(await isDurable(server)).toBe(true)
    expect(await isDurable(quickServer)).toBe(false)
  })
})
