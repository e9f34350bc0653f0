import { type Headwater, open } from 'headwater'
import { afterEach, beforeEach, expect, test } from 'vitest'
import app, { counter, Increment, totals } from './counter.ts'

let headwater: Headwater

beforeEach(async () => {
  headwater = await open(app, { db: 'memory:' })
})
afterEach(() => headwater.close())

test('a counter begins at nothing and counts by one unless told otherwise', async () => {
  await headwater.execute(Increment({ counterId: 'a' }))
  await headwater.execute(Increment({ counterId: 'a', by: 41 }))
  expect(await headwater.state(counter, 'a')).toEqual({ state: { value: 42 }, revision: 2 })
})

test('a counter refuses to go above a hundred, and stays where it was', async () => {
  await headwater.execute(Increment({ counterId: 'a', by: 99 }))
  const outcome = await headwater.execute(Increment({ counterId: 'a', by: 2 }))
  expect(outcome).toMatchObject({
    status: 'rejected',
    reason: { code: 'too-high', message: '99 + 2 is more than 100' },
  })
  expect(await headwater.state(counter, 'a')).toEqual({ state: { value: 99 }, revision: 1 })
})

test('the totals show a command as soon as one waits for its position', async () => {
  await headwater.execute(Increment({ counterId: 'a', by: 20 }))
  const outcome = await headwater.execute(Increment({ counterId: 'a', by: 22 }))
  const item = await headwater.view(totals).get('a', { waitFor: outcome.position })
  expect(item?.doc).toEqual({ total: 42, times: 2 })
})
