import { viewStoreConformance } from '@headwater/conformance'
import { redisViews } from '@headwater/redis'
import { Redis } from 'ioredis'
import { afterAll, describe } from 'vitest'

/** The URL of a Redis; undefined: there is none. */
const url = process.env['HEADWATER_REDIS']
const prefix = `headwater-test-${process.pid}-${Date.now()}:`

describe.skipIf(url === undefined)('Redis', () => {
  afterAll(async () => {
    const redis = new Redis(url ?? '')
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }))
      if (keys.length > 0) await redis.unlink(keys)
    redis.disconnect()
  })

  viewStoreConformance(
    'views in Redis',
    ({ database }) => redisViews({ url, prefix: `${prefix}${database}:` }).open(),
    { durable: true },
  )
})
