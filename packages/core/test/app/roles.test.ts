import { app, event, memoryStore, openStore, type Role, roles, subscription, view } from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'

const Noted = event('Noted', z.object({}))
const handled: string[] = []
const mails = subscription('mails', {
  events: [Noted],
  when: 'async',
  start: 'beginning',
  handle: ({ id }) => {
    handled.push(id)
  },
})
const notes = view('notes', {
  events: [Noted],
  key: ({ stream }) => stream,
  initial: { count: 0 },
  on: { Noted: (doc) => ({ count: doc.count + 1 }) },
})
const notebook = app({ name: 'notebook', events: [Noted], views: [notes], subscriptions: [mails] })

async function running(chosen: readonly Role[], store = memoryStore()) {
  const headwater = await openStore(notebook, store, { roles: chosen })
  onTestFinished(() => headwater.close())
  return headwater
}

describe('a process', () => {
  it('has all roles unless it is told otherwise', async () => {
    const headwater = await openStore(notebook, memoryStore())
    onTestFinished(() => headwater.close())
    expect([...headwater.roles]).toEqual([...roles])
    const without = await openStore(notebook, memoryStore(), { processors: false, images: false })
    onTestFinished(() => without.close())
    expect([...without.roles]).toEqual([])
  })

  it('keeps views up to date and leaves subscriptions to others, whose work it awaits like its own', async () => {
    const headwater = await running(['views'])
    const { position } = await headwater.append('note-1', [Noted({})])
    expect(await headwater.view(notes).get('note-1', { waitFor: position })).toMatchObject({
      doc: { count: 1 },
    })
    expect((await headwater.processor(mails).summary()).status).toBe('standby')
    expect(handled).toEqual([])
  })

  it('runs subscriptions and leaves views to others', async () => {
    const headwater = await running(['subscriptions'])
    await headwater.append('note-1', [Noted({})])
    await expect.poll(() => handled.length).toBe(1)
    const { status, position } = await headwater.processor(notes).summary()
    expect([status, position]).toEqual(['standby', 0])
  })

  it('is refused a role that there is not', async () => {
    await expect(running(['cook' as Role])).rejects.toMatchObject({ code: 'app.invalid' })
  })
})
