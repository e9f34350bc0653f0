import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { logSchema } from '../src/schema.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

describe.skipIf(server === undefined)('the schema in PostgreSQL', () => {
  it('is made once, though ten processes start together', async () => {
    const database = randomUUID()
    const stores = await Promise.all(Array.from({ length: 10 }, () => openTrial({ database })))
    const rows = await administer(`SELECT number FROM ${schemaOf(database)}.migrations ORDER BY number`)
    expect(rows).toEqual(logSchema.steps.map((_, index) => ({ number: index + 1 })))
    await Promise.all(stores.map((store) => store.close()))
  })

  it('of somebody else is left as it is', async () => {
    const database = randomUUID()
    await administer(`CREATE SCHEMA ${schemaOf(database)}`)
    await administer(`CREATE TABLE ${schemaOf(database)}.theirs (id integer)`)
    await expect(openTrial({ database })).rejects.toMatchObject({ code: 'log.format' })
  })
})
