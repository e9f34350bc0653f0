import assert from 'node:assert/strict'
import { law } from './law.ts'

const minute = 60_000

export const leaseLaws = [
  law('a lease is held by one owner', async (trial) => {
    const { leases } = await trial.open()
    const lease = await leases.acquire('view', 'one', minute)
    assert.equal(lease?.name, 'view')
    assert.equal(lease?.owner, 'one')
    assert.equal(await leases.acquire('view', 'two', minute), undefined)
  }),

  law('one of 16 racing owners gets the lease', async (trial) => {
    const { leases } = await trial.open()
    const owners = Array.from({ length: 16 }, (_, index) => `owner-${index}`)
    const got = await Promise.all(owners.map((owner) => leases.acquire('view', owner, minute)))
    assert.equal(got.filter((lease) => lease !== undefined).length, 1)
  }),

  law('leases of different names are independent', async (trial) => {
    const { leases } = await trial.open()
    assert.ok(await leases.acquire('view-1', 'one', minute))
    assert.ok(await leases.acquire('view-2', 'two', minute))
  }),

  law('its owner may take a lease again', async (trial) => {
    const { leases } = await trial.open()
    await leases.acquire('view', 'one', minute)
    const again = await leases.acquire('view', 'one', minute)
    assert.ok(again)
    assert.equal(await leases.renew(again, minute), true)
  }),

  law(
    'taking a lease again renews it',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      await leases.acquire('view', 'one', 1_000)
      now += 900
      await leases.acquire('view', 'one', 1_000)
      now += 900
      assert.equal(await leases.acquire('view', 'two', 1_000), undefined)
    },
    'virtualTime',
  ),

  law('a released lease is free', async (trial) => {
    const { leases } = await trial.open()
    const lease = await leases.acquire('view', 'one', minute)
    assert.ok(lease)
    await leases.release(lease)
    assert.ok(await leases.acquire('view', 'two', minute))
  }),

  law('a released lease can’t be renewed', async (trial) => {
    const { leases } = await trial.open()
    const lease = await leases.acquire('view', 'one', minute)
    assert.ok(lease)
    await leases.release(lease)
    assert.equal(await leases.renew(lease, minute), false)
  }),

  law('a lease that is held can be renewed', async (trial) => {
    const { leases } = await trial.open()
    const lease = await leases.acquire('view', 'one', minute)
    assert.ok(lease)
    assert.equal(await leases.renew(lease, minute), true)
  }),

  law(
    'renewing a lease prolongs it from now on',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      const lease = await leases.acquire('view', 'one', 1_000)
      assert.ok(lease)
      now += 900
      await leases.renew(lease, 1_000)
      now += 900
      assert.equal(await leases.acquire('view', 'two', 1_000), undefined)
      now += 100
      assert.ok(await leases.acquire('view', 'two', 1_000))
    },
    'virtualTime',
  ),

  law('the token rises with every new holder', async (trial) => {
    const { leases } = await trial.open()
    const tokens: number[] = []
    for (const owner of ['one', 'two', 'one', 'three']) {
      const lease = await leases.acquire('view', owner, minute)
      assert.ok(lease)
      tokens.push(lease.token)
      await leases.release(lease)
    }
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].sort((one, other) => one - other),
    )
  }),

  law(
    'a lease expires on the store’s clock',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      await leases.acquire('view', 'one', 1_000)
      now += 999
      assert.equal(await leases.acquire('view', 'two', 1_000), undefined)
      now += 1
      assert.equal((await leases.acquire('view', 'two', 1_000))?.owner, 'two')
    },
    'virtualTime',
  ),

  law('an expired lease is free', async (trial) => {
    const { leases } = await trial.open()
    const first = await leases.acquire('view', 'one', 20)
    const second = await eventually(() => leases.acquire('view', 'two', minute))
    assert.ok(first && second.token > first.token)
  }),

  law(
    'an expired lease can’t be renewed, taken over or not',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      const lease = await leases.acquire('view', 'one', 1_000)
      assert.ok(lease)
      now += 1_000
      assert.equal(await leases.renew(lease, 1_000), false)
      assert.ok(await leases.acquire('view', 'two', 1_000))
      assert.equal(await leases.renew(lease, 1_000), false)
    },
    'virtualTime',
  ),

  law('the leases that are held are told by how their names begin', async (trial) => {
    const { leases } = await trial.open()
    const held = async (prefix: string): Promise<readonly string[]> =>
      (await leases.held(prefix)).map(({ name, owner }) => `${name} by ${owner}`).sort()
    await leases.acquire('view:a', 'one', minute)
    await leases.acquire('view:b', 'two', minute)
    await leases.acquire('view%c', 'two', minute)
    const released = await leases.acquire('view:d', 'two', minute)
    assert.ok(released)
    await leases.release(released)
    assert.deepEqual(await held('view:'), ['view:a by one', 'view:b by two'])
    assert.deepEqual(await held('view:b'), ['view:b by two'])
    assert.deepEqual(await held('view%'), ['view%c by two'])
    assert.deepEqual(await held('other'), [])
  }),

  law(
    'an expired lease is not among those that are held',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      await leases.acquire('view', 'one', 1_000)
      now += 1_000
      assert.deepEqual(await leases.held(''), [])
    },
    'virtualTime',
  ),

  law(
    'a late release of a lost lease leaves the new holder’s alone',
    async (trial) => {
      let now = 1_000_000
      const { leases } = await trial.open(() => now)
      const lost = await leases.acquire('view', 'one', 1_000)
      assert.ok(lost)
      now += 1_000
      const held = await leases.acquire('view', 'two', 1_000)
      assert.ok(held)
      await leases.release(lost)
      assert.equal(await leases.renew(held, 1_000), true)
      assert.equal(await leases.acquire('view', 'three', 1_000), undefined)
    },
    'virtualTime',
  ),
]

async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await attempt()
    if (result !== undefined) return result
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
