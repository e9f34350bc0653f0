import type { LogQuery, Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageOf } from '../src/log-query.ts'
import { anEvent, aRequest } from './requests.ts'
import { openTrial, schemaOf, server } from './support.ts'

const events = 5_000
const part = 1_000

/** What PostgreSQL says of a step of a plan that it has run. */
interface Step {
  readonly 'Relation Name'?: string
  readonly 'Subplan Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Step[]
}

describe.skipIf(server === undefined)('a page of a log, where PostgreSQL does not go by the index', () => {
  const database = randomUUID()
  const schema = schemaOf(database)
  let store: Store
  let client: pg.Client
  beforeAll(async () => {
    store = await openTrial({ database })
    client = new pg.Client({ connectionString: server, options: `-c search_path=${schema}` })
    await client.connect()
    // As it plans on its own for a large table of which it has no statistics, such as right after an import.
    await client.query('SET enable_indexscan = off; SET enable_seqscan = off')
    const many = Array.from({ length: 500 }, () => anEvent)
    for (let n = 0; n < events / many.length; n += 1) {
      const streams = [{ stream: `s-${n}`, expected: 'any' as const, events: many }]
      await store.log.append([aRequest('', { streams })])
    }
  })
  afterAll(async () => {
    await client.end()
    await store.close()
  })

  /** How many events a page reads. */
  async function readBy(parts: Partial<LogQuery>): Promise<number> {
    const { statement, values } = pageOf(
      { branch: 0, tenant: undefined, after: 1_000, limit: 100, ...parts },
      100,
    )
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
      [...values],
    )
    return Math.max(...rows.map((row) => eventsReadBy(row['QUERY PLAN'][0].Plan)))
  }

  it.each<[string, Partial<LogQuery>, number]>([
    ['all events', {}, 100],
    ['a type', { types: ['Happened'] }, part],
    ['a tenant', { tenant: '' }, part],
    ['a query', { tenant: '', query: { items: [{ types: ['Happened'] }] } }, part],
    ['a type that there is not', { types: ['Other'] }, 0],
  ])('reads no more than a part of it, by %s', async (_, query, most) => {
    expect(await readBy(query)).toBeLessThanOrEqual(most)
  })

  it.each<[string, Partial<LogQuery>]>([
    ['all events', {}],
    ['a type', { types: ['Happened'] }],
    ['a tenant', { tenant: '' }],
  ])('goes through all of it page by page, in order, by %s', async (_, query) => {
    const positions: number[] = []
    for (let after = 0, head = 1; after < head; ) {
      const page = await store.log.read({ branch: 0, tenant: undefined, after, limit: 700, ...query })
      positions.push(...page.events.map(({ position }) => position))
      after = page.scannedTo
      head = page.head
    }
    expect(positions).toEqual(Array.from({ length: events }, (_one, index) => index + 1))
  })
})

/** The step of a plan that reads most rows of the events' table, beside those that find out where the page begins and ends. */
function eventsReadBy(step: Step): number {
  if (step['Subplan Name'] !== undefined) return 0
  const own = step['Relation Name'] === 'events' ? step['Actual Rows'] * step['Actual Loops'] : 0
  return Math.max(own, ...(step.Plans ?? []).map(eventsReadBy))
}
