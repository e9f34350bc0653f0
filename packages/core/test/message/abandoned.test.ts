import { app, event, subscription } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parse } from '../../src/message/schema.ts'
import { running } from '../support/running.ts'

const failing = () => Promise.reject(new Error('too late'))
const failingHandler: () => unknown = failing
const Noted = event('Noted', z.object({ text: z.string() }))

/** What would have ended the process, while some work was done and in the turn of the event loop after it. */
async function unhandledDuring(work: () => void | Promise<void>): Promise<readonly unknown[]> {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  await work()
  await new Promise(setImmediate)
  process.off('unhandledRejection', note)
  return unhandled
}

describe('a promise where none can be waited for is refused, and doesn’t end the process when it fails:', () => {
  it('that of a schema', async () => {
    const schema = { '~standard': { version: 1, vendor: 'test', validate: failing } } as const
    const unhandled = await unhandledDuring(() => {
      expect(() => parse(schema, 'a', 'command.invalid', 'It')).toThrow('asynchronously')
    })
    expect(unhandled).toEqual([])
  })

  it('that of a schema which throws, whatever a client sent', async () => {
    const schema = z.string().transform((text) => BigInt(text))
    const unhandled = await unhandledDuring(() => {
      expect(() => parse(schema, 'no number', 'command.invalid', 'It')).toThrow('or throws')
    })
    expect(unhandled).toEqual([])
  })

  it('that of an upcaster', async () => {
    const later = event('Noted', z.unknown(), { version: 2, upcast: { 1: failing } })
    const unhandled = await unhandledDuring(() => {
      expect(() => later.upcast(1, {})).toThrow('promise')
    })
    expect(unhandled).toEqual([])
  })

  it('that of a subscription in the transaction', async () => {
    const vetoes = subscription('vetoes', { events: [Noted], when: 'in-transaction', handle: failingHandler })
    const headwater = await running(app({ name: 'notes', subscriptions: [vetoes] }))
    const unhandled = await unhandledDuring(async () => {
      const vetoed = headwater.append('note-1', [Noted({ text: 'a' })])
      await expect(vetoed).rejects.toMatchObject({ code: 'subscription.vetoed' })
    })
    expect(unhandled).toEqual([])
  })
})
