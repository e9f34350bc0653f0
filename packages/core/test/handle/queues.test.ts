import { expect, it } from 'vitest'
import { Queues } from '../../src/handle/queues.ts'

it('a key is busy from the first work to the end of the last, and then free again', async () => {
  const queues = new Queues()
  const first = Promise.withResolvers<string>()
  expect(queues.isBusy('a')).toBe(false)
  const running = queues.run('a', () => first.promise)
  const waiting = queues.run('a', async () => 'second')
  expect([queues.isBusy('a'), queues.isBusy('b')]).toEqual([true, false])
  first.resolve('first')
  expect(await Promise.all([running, waiting])).toEqual(['first', 'second'])
  await new Promise(setImmediate)
  expect(queues.isBusy('a')).toBe(false)
})
