import { redisViews } from '@headwater/redis'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { wayTo } from '../../conformance/test/support/cut-off.ts'
import { losesNothing } from '../../conformance/test/support/sums.ts'

const server = process.env['HEADWATER_REDIS']

describe.skipIf(server === undefined)('a view in Redis', () => {
  // oxlint-disable-next-line vitest/expect-expect -- what is shared by both databases expects it
  it('loses and doubles nothing, though the way there is cut off again and again', async () => {
    const url = new URL(server ?? '')
    const way = await wayTo(url.hostname, Number(url.port || 6379))
    const near = new URL(url.href)
    near.host = `127.0.0.1:${way.port}`
    const prefix = `headwater-test-${process.pid}-${Date.now()}-view:`
    try {
      await losesNothing(redisViews({ url: near.href, prefix }), way)
    } finally {
      await way.close()
      const redis = new Redis(url.href)
      const keys = await redis.keys(`${prefix}*`)
      if (keys.length > 0) await redis.unlink(keys)
      redis.disconnect()
    }
  })
})

describe('views in Redis', () => {
  it('need a URL, and never tell its password', () => {
    expect(redisViews({ url: 'redis://ada:hunter2@cache/1' }).name).toBe('redis:cache:6379/1')
    for (const url of [undefined, '', 'mariadb://ada:hunter2@db/shop', 'hunter2'])
      expect(() => redisViews({ url })).toThrow(/^(?!.*hunter2).*Views in Redis/)
  })
})
