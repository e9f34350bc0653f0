import { app, query, topic } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { running } from '../support/running.ts'

const Shown = topic('Shown', z.object({ sku: z.string(), price: z.number().default(1) }))
const nothing = app({ name: 'nothing' })

describe('a message that is published', () => {
  it('reaches all who listen to its topic, and who publishes waits for them', async () => {
    const headwater = await running(nothing)
    const heard: string[] = []
    headwater.listen(Shown, ({ sku, price }) => void heard.push(`${sku} ${price}`))
    headwater.listen(Shown, async ({ sku }) => {
      await new Promise(setImmediate)
      heard.push(`later ${sku}`)
    })
    headwater.listen(topic('Shown', z.object({})), () => void heard.push('of another topic'))
    expect(await headwater.publish(Shown({ sku: 'tea' }))).toBe(2)
    expect(heard).toEqual(['tea 1', 'later tea'])
  })

  it('is not heard by who has stopped listening or begins later, and is not recorded', async () => {
    const headwater = await running(nothing)
    const heard: string[] = []
    const stop = headwater.listen(Shown, () => void heard.push('stopped'))
    stop()
    stop()
    expect(await headwater.publish(Shown({ sku: 'tea' }))).toBe(0)
    headwater.listen(Shown, () => void heard.push('late'))
    expect(heard).toEqual([])
    expect(await headwater.lastPosition()).toBeUndefined()
  })

  it('reaches the others where one fails, whose failure goes to the error hook', async () => {
    const headwater = await running(nothing)
    const heard: string[] = []
    headwater.listen(
      Shown,
      () => {
        throw new Error('deaf')
      },
      { name: 'broken' },
    )
    headwater.listen(Shown, () => Promise.reject(new Error('deaf too')))
    headwater.listen(Shown, ({ sku }) => void heard.push(sku))
    expect(await headwater.publish(Shown({ sku: 'tea' }))).toBe(3)
    expect(heard).toEqual(['tea'])
    expect(headwater.failures).toMatchObject([
      { error: { message: 'deaf' }, source: { subscription: 'broken' } },
      { error: { message: 'deaf too' }, source: { subscription: 'Shown' } },
    ])
  })

  it('reaches a chosen set, by their names', async () => {
    const headwater = await running(nothing)
    const heard: string[] = []
    for (const name of ['berlin', 'paris', 'rome'])
      headwater.listen(Shown, () => void heard.push(name), { name })
    headwater.listen(Shown, () => void heard.push('nameless'))
    expect(await headwater.publish(Shown({ sku: 'tea' }), { to: ['paris', 'rome', 'nowhere'] })).toBe(2)
    expect(heard).toEqual(['paris', 'rome'])
  })

  it('stays within its tenant, unless who listens says so', async () => {
    const headwater = await running(nothing)
    const heard: string[] = []
    for (const tenant of ['', 'acme', 'globex'])
      headwater.listen(Shown, () => void heard.push(tenant || 'none'), { tenant })
    headwater.listen(Shown, (_data, { tenant }) => void heard.push(`all: ${tenant}`), { allTenants: true })
    await headwater.publish(Shown({ sku: 'tea' }), { tenant: 'acme' })
    expect(heard).toEqual(['acme', 'all: acme'])
  })

  it('is valid and frozen', () => {
    expect(() => Shown({ sku: 1 as never })).toThrow(expect.objectContaining({ code: 'topic.invalid' }))
    expect(Object.isFrozen(Shown({ sku: 'tea' }).data)).toBe(true)
  })

  it('is not published by a query', async () => {
    const Ask = query('Ask', { handle: () => headwater.publish(Shown({ sku: 'tea' })) })
    const headwater: Awaited<ReturnType<typeof running>> = await running(app({ name: 'a', queries: [Ask] }))
    await expect(headwater.query(Ask())).rejects.toMatchObject({ code: 'query.side-effect' })
  })
})
