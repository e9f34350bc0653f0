import type { AppendCondition, NewEvent } from '@headwater/core'
import { appendError, appendWithin } from '@headwater/postgres'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { anyway, isDetached, newFile, opened, sealed } from './detaching.ts'
import { administer, schemaOf, server } from './support.ts'

const happened: NewEvent = {
  type: 'Happened',
  version: 1,
  data: {},
  occurredAt: undefined,
  tags: ['x'],
}

/** Types that nothing in the log has: only what can't be looked at could break the condition. */
const typesFrom = (after: number): readonly AppendCondition[] => [
  { query: { items: [{ types: ['Never'] }] }, after },
]
const tagsFrom = (after: number): readonly AppendCondition[] => [
  { query: { items: [{ types: ['Happened'], tags: ['y'] }] }, after },
]

/** A log of ten events with two sealed segments of four, and somebody's own transaction beside it. */
async function setting() {
  const database = randomUUID()
  const schema = schemaOf(database)
  const store = await opened(database)
  const segments = await sealed(store)
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  onTestFinished(() => client.end())
  const within = (conditions: readonly AppendCondition[]) =>
    appendWithin(client, [{ stream: 'own-1', events: [happened] }], { schema, conditions })
  const positions = async () => (await store.log.head(0)).position
  return { schema, segments, client, within, positions }
}

describe.skipIf(server === undefined)(
  'an append in a transaction of a user’s own, beside detached segments',
  () => {
    it('is refused at once with a condition on types that reaches back into one', async () => {
      const { segments, client, within, positions } = await setting()
      await segments.detach(1, newFile(), anyway)
      await client.query('BEGIN')
      await expect(within(typesFrom(1))).rejects.toMatchObject(isDetached)
      await client.query('ROLLBACK')
      expect(await positions()).toBe(10)
    })

    it('is committed with one that begins behind it, or is on tags', async () => {
      const { schema, segments, client, within, positions } = await setting()
      await segments.detach(1, newFile(), anyway)
      await client.query('BEGIN')
      await within([...typesFrom(4), ...tagsFrom(0)])
      await client.query('COMMIT')
      expect(await positions()).toBe(11)
      expect(await administer(`SELECT 1 FROM ${schema}.staged_conditions`)).toEqual([])
    })

    it('is refused at the commit where the segment is detached in between', async () => {
      const { segments, client, within, positions } = await setting()
      await client.query('BEGIN')
      await within(typesFrom(1))
      const file = newFile()
      await segments.detach(1, file, anyway)
      const error = await client.query('COMMIT').catch(appendError)
      expect(error).toMatchObject({ ...isDetached, message: expect.stringContaining('segment 1 is in') })
      expect(await positions()).toBe(10)

      await segments.attach(1, file)
      await client.query('BEGIN')
      await within(typesFrom(1))
      await client.query('COMMIT')
      expect(await positions()).toBe(11)
    })
  },
)
