import assert from 'node:assert/strict'
import type { Store, ViewVersion, ViewVersionsChange } from '@headwater/core'
import { law } from './law.ts'
import { rounds } from './trial.ts'
import { anEvent, aCommand, appendOne, appended, aRequest, readAll, record, statuses, to } from './make.ts'

const minute = 60_000

function aVersion(parts: Partial<ViewVersion> = {}): ViewVersion {
  const { view = 'totals', version = 1 } = parts
  return {
    view,
    version,
    state: 'current',
    collection: `${view}@${version}`,
    processor: view,
    lifecycle: 'async',
    code: 'a1b2',
    types: ['Happened'],
    options: '{}',
    madeBy: '1@here/a',
    madeAt: 1_700_000_000_000,
    changedAt: 1_700_000_000_000,
    reason: null,
    fencedUntil: null,
    ...parts,
  }
}

function aChange(expected: number, parts: Partial<ViewVersionsChange> = {}): ViewVersionsChange {
  return { branch: 0, expected, put: [], remove: [], ...parts }
}

/** Makes a change from the last generation. */
async function changed(store: Store, parts: Partial<ViewVersionsChange>): Promise<number> {
  const { generation } = await store.viewVersions.read(parts.branch ?? 0)
  const result = await store.viewVersions.change(aChange(generation, parts))
  assert.equal(result.status, 'changed')
  return generation + 1
}

async function versionsOf(store: Store, branch = 0): Promise<readonly ViewVersion[]> {
  return (await store.viewVersions.read(branch)).versions.map((version) => ({ ...version }))
}

export const viewVersionLaws = [
  law('where no version was ever made there is generation 0', async (trial) => {
    const { viewVersions } = await trial.open()
    assert.deepEqual(await viewVersions.read(0), { generation: 0, versions: [] })
  }),

  law('a version is kept with all that is known of it', async (trial) => {
    const store = await trial.open()
    const versions = [
      aVersion(),
      aVersion({ version: 2, state: 'failed', reason: 'it broke', types: [], options: '{"a":1}' }),
      aVersion({ version: 3, state: 'building', lifecycle: 'inline', fencedUntil: 5, processor: 'totals@3' }),
    ]
    await changed(store, { put: versions })
    assert.deepEqual(await versionsOf(store), versions)
  }),

  law('versions are given in the order of their views and numbers', async (trial) => {
    const store = await trial.open()
    const put = [
      aVersion({ view: 'b' }),
      aVersion({ view: 'a', version: 10 }),
      aVersion({ view: 'a', version: 9 }),
    ]
    await changed(store, { put })
    const given = await versionsOf(store)
    assert.deepEqual(
      given.map(({ view, version }) => [view, version]),
      [
        ['a', 9],
        ['a', 10],
        ['b', 1],
      ],
    )
  }),

  law('a change replaces and removes the versions that it names, and no others', async (trial) => {
    const store = await trial.open()
    await changed(store, { put: [1, 2, 3].map((version) => aVersion({ version })) })
    const retired = aVersion({ version: 1, state: 'retired' })
    await changed(store, { put: [retired], remove: [{ view: 'totals', version: 2 }] })
    assert.deepEqual(await versionsOf(store), [retired, aVersion({ version: 3 })])
  }),

  law('the versions of one branch are not those of another', async (trial) => {
    const store = await trial.open()
    await changed(store, { put: [aVersion()] })
    assert.deepEqual(await store.viewVersions.read(1), { generation: 0, versions: [] })
    await changed(store, { branch: 1, remove: [{ view: 'totals', version: 1 }] })
    assert.deepEqual(await versionsOf(store), [aVersion()])
  }),

  law('every change of views’ versions gives another generation', async (trial) => {
    const store = await trial.open()
    const generations: number[] = []
    for (const version of [1, 2, 3]) {
      await changed(store, { put: [aVersion({ version })] })
      generations.push((await store.viewVersions.read(0)).generation)
    }
    assert.deepEqual(generations, [1, 2, 3])
  }),

  law('a change that was made from an older generation is refused and changes nothing', async (trial) => {
    const store = await trial.open()
    await changed(store, { put: [aVersion()] })
    const late = aChange(0, {
      put: [aVersion({ state: 'retired' })],
      checkpoint: { processor: 'totals', checkpoint: { epoch: 'e', position: 1, eventId: null } },
    })
    assert.deepEqual(await store.viewVersions.change(late), { status: 'stale', generation: 1 })
    assert.deepEqual(await versionsOf(store), [aVersion()])
    assert.equal(await store.progress.checkpoint('totals', 0), undefined)
  }),

  law('one of 16 racing changes of views’ versions wins', async (trial) => {
    const store = await trial.open()
    const racing = Array.from({ length: 16 }, (_, index) =>
      store.viewVersions.change(aChange(0, { put: [aVersion({ code: `code-${index}` })] })),
    )
    const results = await Promise.all(racing)
    const winners = results.flatMap(({ status }, index) => (status === 'changed' ? [index] : []))
    assert.equal(winners.length, 1)
    assert.deepEqual(await versionsOf(store), [aVersion({ code: `code-${winners[0]}` })])
  }),

  law('a change under a lease that is not held any more is refused', async (trial) => {
    const store = await trial.open()
    const lease = await store.leases.acquire('processor:totals@2', 'one', minute)
    assert.ok(lease)
    const change = aChange(0, { put: [aVersion()], lease })
    await store.leases.release(lease)
    assert.deepEqual(await store.viewVersions.change(change), { status: 'fenced' })
    assert.deepEqual(await versionsOf(store), [])
    const again = await store.leases.acquire('processor:totals@2', 'two', minute)
    assert.ok(again)
    assert.equal((await store.viewVersions.change({ ...change, lease: again })).status, 'changed')
  }),

  law('a change is refused if an event of its types was recorded after its position', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', [anEvent({ type: 'Other' }), anEvent(), anEvent({ type: 'Other' })])
    await appended(store.log, aRequest([to('a-1', [anEvent({ type: 'Third' })])], { tenant: 'acme' }))
    const unless = (types: readonly string[], after: number) =>
      store.viewVersions.change(aChange(0, { put: [aVersion()], unlessEvents: { types, after } }))
    assert.deepEqual(await unless(['Happened'], 1), { status: 'events', position: 2 })
    assert.deepEqual(await unless(['Missing', 'Third', 'Other'], 2), { status: 'events', position: 3 })
    assert.deepEqual(await unless(['Third'], 3), { status: 'events', position: 4 }, 'of whatever tenant')
    assert.deepEqual(await versionsOf(store), [])
    assert.equal((await unless(['Happened'], 2)).status, 'changed')
  }),

  law('a change is refused for an event that stands far behind its position', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 3_000)
    await record(store, 'a-1', [anEvent({ type: 'Rare' })])
    const change = aChange(0, { put: [aVersion()], unlessEvents: { types: ['Rare'], after: 10 } })
    assert.deepEqual(await store.viewVersions.change(change), { status: 'events', position: 3_001 })
  }),

  law('a change says where a processor stands from now on', async (trial) => {
    const store = await trial.open()
    const checkpoint = { epoch: 'e', position: 17, eventId: 'c.1' }
    await changed(store, { checkpoint: { processor: 'totals', checkpoint } })
    assert.deepEqual({ ...(await store.progress.checkpoint('totals', 0)) }, checkpoint)
  }),

  law('a listener hears of a change of views’ versions', async (trial) => {
    const store = await trial.open()
    const heard = Promise.withResolvers<void>()
    trial.onEnd(store.viewVersions.onChanged(() => heard.resolve()))
    await changed(store, { put: [aVersion()] })
    await heard.promise
  }),
]

/** What the versions of views have to do with appends. */
export const viewGenerationLaws = [
  law('an append that was prepared for the views’ generation is recorded', async (trial) => {
    const store = await trial.open()
    await appended(store.log, aRequest([to('a-1')], { viewGeneration: 0 }))
    const viewGeneration = await changed(store, { put: [aVersion()] })
    await appended(store.log, aRequest([to('a-1')], { viewGeneration }))
    await appended(store.log, aRequest([to('a-1')]))
  }),

  law('an append that was prepared for another generation is refused and records nothing', async (trial) => {
    const store = await trial.open()
    await changed(store, { put: [aVersion()] })
    for (const viewGeneration of [0, 2]) {
      const request = aRequest([to('a-1')], { viewGeneration, command: aCommand() })
      assert.deepEqual(await appendOne(store.log, request), { status: 'views-changed', generation: 1 })
      assert.equal(await store.commands.find(0, '', request.commandId), undefined)
    }
    assert.equal((await store.log.head(0)).position, 0)
  }),

  law(
    'of many requests of one append those for another generation are refused, the others not',
    async (trial) => {
      const store = await trial.open()
      await changed(store, { put: [aVersion()] })
      const requests = Array.from({ length: 40 }, (_, index) =>
        aRequest([to(`a-${index}`, 1, 'none')], { viewGeneration: index === 20 ? 0 : 1 }),
      )
      const results = await store.log.append(requests)
      assert.deepEqual(
        statuses(results),
        requests.map((_, index) => (index === 20 ? 'views-changed' : 'appended')),
      )
      assert.equal((await readAll(store.log)).length, 39)
    },
  ),

  law('a command that was handled is a duplicate, whatever generation it was prepared for', async (trial) => {
    const store = await trial.open()
    const request = aRequest([to('a-1')], { viewGeneration: 0, command: aCommand() })
    await appended(store.log, request)
    await changed(store, { put: [aVersion()] })
    assert.equal((await appendOne(store.log, request)).status, 'duplicate')
  }),

  law(
    'an append is before a change that excludes it, or prepared for the generation after it',
    async (trial) => {
      const store = await trial.open()
      let isOver = false
      const writer = async (stream: string): Promise<void> => {
        let viewGeneration = 0
        while (!isOver) {
          const data = JSON.stringify(viewGeneration)
          const result = await appendOne(
            store.log,
            aRequest([to(stream, [anEvent({ data })])], { viewGeneration }),
          )
          if (result.status === 'views-changed') viewGeneration = result.generation
          for (let turns = Math.random() * 12; turns > 0; turns -= 1) await new Promise(setImmediate)
        }
      }
      const writers = ['a-1', 'b-1', 'c-1'].map(writer)
      const changes: { generation: number; after: number }[] = []
      while (changes.length < 60 * rounds) {
        const { generation } = await store.viewVersions.read(0)
        const { position: after } = await store.log.head(0)
        const unlessEvents = { types: ['Happened'], after }
        const result = await store.viewVersions.change(aChange(generation, { unlessEvents }))
        if (result.status === 'changed') changes.push({ generation, after })
        else assert.deepEqual(result, { status: 'events', position: after + 1 })
      }
      isOver = true
      await Promise.all(writers)
      for (const { position, data } of await readAll(store.log)) {
        for (const { generation, after } of changes)
          assert.ok(position <= after || Number(data) > generation, `position ${position} slipped in`)
      }
    },
  ),
]
