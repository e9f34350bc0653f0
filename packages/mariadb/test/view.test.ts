import { mariadbViews } from '@headwater/mariadb'
import { describe, expect, it } from 'vitest'
import { wayTo } from '../../conformance/test/support/cut-off.ts'
import { losesNothing } from '../../conformance/test/support/sums.ts'
import { createDatabase, server } from './support.ts'

describe.skipIf(server === undefined)('a view in MariaDB', () => {
  // oxlint-disable-next-line vitest/expect-expect -- what is shared by both databases expects it
  it('loses and doubles nothing, though the way there is cut off again and again', async () => {
    const database = await createDatabase()
    const url = new URL(database.url)
    const way = await wayTo(url.hostname, Number(url.port || 3306))
    url.host = `127.0.0.1:${way.port}`
    try {
      await losesNothing(mariadbViews({ url: url.href }), way)
    } finally {
      await way.close()
      await database.drop()
    }
  })
})

describe('views in MariaDB', () => {
  it('need a URL, and never tell its password', () => {
    const secret = 'mariadb://ada:hunter2@db/shop'
    expect(mariadbViews({ url: secret }).name).toBe('mariadb:db/shop')
    for (const url of [undefined, '', 'mariadb://ada:hunter2@db', 'redis://ada:hunter2@db/0', 'hunter2'])
      expect(() => mariadbViews({ url })).toThrow(/^(?!.*hunter2).*Views in MariaDB/)
    expect(() => mariadbViews({ url: secret, prefix: 'a`; DROP' })).toThrow('prefix')
  })
})
