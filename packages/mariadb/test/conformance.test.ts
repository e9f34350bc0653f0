import { viewStoreConformance } from '@headwater/conformance'
import { mariadbViews } from '@headwater/mariadb'
import { afterAll, beforeAll, describe } from 'vitest'
import { createDatabase, prefixOf, server, type TestDatabase } from './support.ts'

describe.skipIf(server === undefined)('MariaDB', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())

  viewStoreConformance(
    'views in MariaDB',
    ({ database: name }) => mariadbViews({ url: database.url, prefix: prefixOf(name) }).open(),
    { durable: true },
  )
})
