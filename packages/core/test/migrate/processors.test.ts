import {
  aggregate,
  app,
  carryOver,
  command,
  event,
  MemoryMap,
  memoryStore,
  migrate,
  migration,
  openStore,
  type Headwater,
  type Store,
  subscription,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Mailed = event('Mailed', z.object({ to: z.string(), isBad: z.boolean().optional() }))
const Filed = event('Filed', z.object({ to: z.string() }))
const Mail = command('Mail', z.object({ letterId: z.string(), to: z.array(z.string()) }))

/** An app that sends letters; what it sent is noted, and who is bad can't be written to. */
function post(sent: string[], bad: ReadonlySet<string> = new Set()) {
  return app({
    name: 'post',
    aggregates: [
      aggregate('letter', {
        events: [Mailed],
        commands: [Mail],
        initial: 0,
        evolve: { Mailed: (count) => count + 1 },
        decide: { Mail: (_count, { to }) => to.map((name) => Mailed({ to: name })) },
      }),
    ],
    events: [Filed],
    subscriptions: [
      subscription('send', {
        events: [Mailed],
        key: ({ data }) => data.to,
        retry: { attempts: 1 },
        handle: ({ data }) => {
          if (bad.has(data.to)) throw new Error(`no such person: ${data.to}`)
          sent.push(data.to)
        },
      }),
      subscription('never', { events: [Mailed], start: 'end', handle: () => undefined }),
    ],
  })
}

const idle = async () => undefined

async function running(store: Store, sent: string[], bad?: ReadonlySet<string>): Promise<Headwater> {
  return openStore(post(sent, bad), { ...store, close: idle }, { onError: () => undefined })
}

/** Every letter is filed before it is mailed; to Zoe nothing is mailed any more. */
const filing = migration({
  app: post([]),
  from: [Mailed],
  events: {
    Mailed: ({ data, aggregateId }, { on, drop }) =>
      data.to === 'zoe'
        ? drop('moved away')
        : [on(`file-${aggregateId}`, Filed({ to: data.to })), Mailed(data)],
  },
})

describe('subscriptions of a migrated log', () => {
  it('go on where they stand in the old one: no effect of the past happens again, and none is left out', async () => {
    const source = memoryStore()
    const before: string[] = []
    const old = await running(source, before)
    await old.execute(Mail({ letterId: '1', to: ['ada', 'zoe'] }))
    await old.execute(Mail({ letterId: '2', to: ['bob'] }))
    await Promise.all(old.processors.map((processor) => processor.waitFor(3)))
    await old.close()
    // Recorded, and not yet handled.
    const late = await openStore(post(before), { ...source, close: idle }, { processors: false })
    await late.execute(Mail({ letterId: '3', to: ['cleo', 'dora'] }))
    await late.close()

    const target = memoryStore()
    const task = { source, target, migration: filing, map: new MemoryMap() }
    await migrate(task)
    expect(await carryOver(task)).toMatchObject([
      { name: 'send', outcome: 'carried', from: 3, to: 4, parked: 0 },
      { name: 'never', outcome: 'carried', from: 3 },
    ])
    const after: string[] = []
    const next = await running(target, after)
    await next.processor('send').waitFor((await next.head()).position)
    await next.close()
    expect(before).toEqual(['ada', 'zoe', 'bob'])
    expect(after).toEqual(['cleo', 'dora'])
  })

  it('go on within a transaction, rather once more than not at all', async () => {
    const source = memoryStore()
    const old = await openStore(post([]), { ...source, close: idle }, { processors: false })
    await old.execute(Mail({ letterId: '1', to: ['ada', 'bob', 'cleo'] }))
    await old.close()
    const lease = await source.leases.acquire('processor:send', 'test', 10_000)
    if (lease === undefined) throw new Error('There is no lease')
    const { epoch } = await source.log.head(0)
    const checkpoint = { epoch, position: 2, eventId: null }
    await source.progress.commit({
      processor: 'send',
      branch: 0,
      lease,
      checkpoint,
      documents: [],
      park: [],
      unpark: [],
    })

    const target = memoryStore()
    const task = { source, target, migration: filing, map: new MemoryMap() }
    await migrate(task)
    // All files stand before all letters: what comes of the third letter begins behind the files of the first two.
    expect((await carryOver(task))[0]).toMatchObject({ from: 2, to: 2 })
    const sent: string[] = []
    const next = await running(target, sent)
    await next.processor('send').waitFor(6)
    await next.close()
    expect(sent).toContain('cleo')
  })

  it('have parked what they had parked, behind the key of today, and without what was dropped', async () => {
    const source = memoryStore()
    const old = await running(source, [], new Set(['ada', 'zoe']))
    await old.execute(Mail({ letterId: '1', to: ['ada', 'bob', 'zoe'] }))
    await old.execute(Mail({ letterId: '2', to: ['ada'] }))
    await old.processor('send').waitFor(4)
    expect(await old.processor('send').parked.list()).toHaveLength(3)
    await old.close()

    const target = memoryStore()
    const task = { source, target, migration: filing, map: new MemoryMap() }
    await migrate(task)
    expect((await carryOver(task))[0]).toMatchObject({ outcome: 'carried', parked: 2, lostEdits: 0 })
    const next = await running(target, [])
    const { events } = await next.readEvents({ types: ['Mailed'] })
    const positions = events
      .filter(({ data }) => JSON.stringify(data).includes('ada'))
      .map(({ position }) => position)
    expect(await next.processor('send').parked.list()).toMatchObject([
      {
        position: positions[0],
        sequence: 'ada',
        attempts: 1,
        error: expect.stringMatching(/no such person/),
      },
      { position: positions[1], sequence: 'ada', attempts: 0 },
    ])
    await next.close()
  })

  it('that never ran begin as they are defined, and those that have gone further are left alone', async () => {
    const source = memoryStore()
    const old = await openStore(post([]), { ...source, close: idle }, { processors: false })
    await old.execute(Mail({ letterId: '1', to: ['ada'] }))
    await old.close()
    const target = memoryStore()
    const task = { source, target, migration: filing, map: new MemoryMap() }
    await migrate(task)
    expect(await carryOver(task)).toMatchObject([{ outcome: 'new' }, { outcome: 'new' }])
    const next = await running(target, [])
    await next.processor('send').waitFor(2)
    await next.close()
    const again = await running(source, [])
    await again.processor('send').waitFor(1)
    await again.close()
    const sent: string[] = []
    const further = await running(target, sent)
    await further.execute(Mail({ letterId: '9', to: ['eve'] }))
    await further.processor('send').waitFor(3)
    await further.close()
    expect((await carryOver(task))[0]).toMatchObject({ outcome: 'ahead', from: 1, to: 3 })
  })
})
