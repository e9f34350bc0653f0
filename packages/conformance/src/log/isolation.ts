import assert from 'node:assert/strict'
import type { Store } from '@headwater/core'
import { law } from '../law.ts'
import {
  aCommand,
  aDocument,
  appended,
  appendOne,
  aRequest,
  otherBranch,
  readAll,
  readStreamFully,
  to,
} from '../make.ts'

/** The same names, ids and keys in three places: whatever happens in one must not be seen in another. */
async function threePlaces(store: Store) {
  return [
    { tenant: '', branch: 0 },
    { tenant: 'other', branch: 0 },
    { tenant: '', branch: await otherBranch(store) },
  ] as const
}

export const isolationLaws = [
  law('tenants share the positions of a log', async (trial) => {
    const { log } = await trial.open()
    const [first, second] = [
      aRequest([to('a-1')], { tenant: 'one' }),
      aRequest([to('a-1')], { tenant: 'two' }),
    ]
    assert.equal((await appended(log, first)).position, 1)
    assert.equal((await appended(log, second)).position, 2)
  }),

  law('tenants that have events are listed, page by page, each once', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const other = await otherBranch(store)
    for (const tenant of ['zoo', '', 'acme', 'zoo', 'Ähre', 'b'])
      await appended(log, aRequest([to('a-1')], { tenant }))
    await appended(log, aRequest([to('a-1')], { tenant: 'elsewhere', branch: other }))
    const list = (after: string | undefined, limit: number) => log.listTenants({ branch: 0, after, limit })
    assert.deepEqual(await list(undefined, 10), ['', 'acme', 'b', 'zoo', 'Ähre'])
    assert.deepEqual(await list(undefined, 2), ['', 'acme'])
    assert.deepEqual(await list('acme', 2), ['b', 'zoo'])
    assert.deepEqual(await list('', 1), ['acme'])
    assert.deepEqual(await list('Ähre', 2), [])
  }),

  law('each branch has positions of its own', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const other = await otherBranch(store)
    assert.equal((await appended(log, aRequest([to('a-1', 2)]))).position, 1)
    assert.equal((await appended(log, aRequest([to('b-1', 3)], { branch: other }))).position, 1)
    assert.deepEqual([(await log.head(0)).position, (await log.head(other)).position], [2, 3])
  }),

  law('a stream of one tenant or branch is not the stream of that name of another', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const places = await threePlaces(store)
    for (const [index, place] of places.entries()) {
      const result = await appended(log, aRequest([to('a-1', index + 1, 'none')], place))
      assert.deepEqual(result.revisions, [index + 1])
    }
    for (const [index, { tenant, branch }] of places.entries()) {
      const events = await readStreamFully(log, 'a-1', tenant, branch)
      assert.deepEqual(
        events.map(({ revision }) => revision),
        Array.from({ length: index + 1 }, (_, at) => at + 1),
      )
    }
  }),

  law('a conflict is not caused by another tenant’s or branch’s stream', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const other = await otherBranch(store)
    await appended(log, aRequest([to('a-1', 3)], { tenant: 'other' }))
    await appended(log, aRequest([to('a-1', 3)], { branch: other }))
    for (const expected of [3, 'exists'] as const) {
      assert.deepEqual(await appendOne(log, aRequest([to('a-1', 1, expected)])), {
        status: 'conflict',
        stream: 'a-1',
        expected,
        actual: 0,
      })
    }
  }),

  law('a page of one branch holds no event of another', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const other = await otherBranch(store)
    for (const branch of [0, other]) await appended(log, aRequest([to(`branch-${branch}`, 2)], { branch }))
    for (const branch of [0, other]) {
      assert.deepEqual(
        (await readAll(log, branch)).map(({ stream }) => stream),
        [`branch-${branch}`, `branch-${branch}`],
      )
    }
  }),

  law('streams are listed by tenant and branch', async (trial) => {
    const store = await trial.open()
    const { log } = store
    const places = await threePlaces(store)
    for (const [index, place] of places.entries()) await appended(log, aRequest([to(`own-${index}`)], place))
    for (const [index, place] of places.entries()) {
      const streams = await log.listStreams({ ...place, prefix: '', after: '', limit: 100 })
      assert.deepEqual(
        streams.map(({ stream }) => stream),
        [`own-${index}`],
      )
    }
  }),

  law('a command id is handled once per tenant and branch', async (trial) => {
    const store = await trial.open()
    const { log, commands } = store
    const places = await threePlaces(store)
    for (const place of places) {
      const request = aRequest([to('a-1')], {
        ...place,
        commandId: 'same',
        command: aCommand({ payload: JSON.stringify(place) }),
      })
      assert.equal((await appendOne(log, request)).status, 'appended')
      assert.equal((await appendOne(log, request)).status, 'duplicate')
    }
    for (const place of places) {
      const row = await commands.find(place.branch, place.tenant, 'same')
      assert.equal(row?.payload, JSON.stringify(place))
    }
  }),

  law('a document of one tenant or branch is not the document of that key of another', async (trial) => {
    const store = await trial.open()
    const { log, documents } = store
    const places = await threePlaces(store)
    await documents.define('things', ['n'])
    for (const [n, place] of places.entries()) {
      const request = aRequest([to('a-1')], {
        ...place,
        documents: [aDocument('k', { n }, { ...place, expectedVersion: 0 })],
      })
      await appended(log, request)
    }
    await appended(log, aRequest([to('a-1')], { documents: [aDocument('k', null, { tenant: 'other' })] }))
    const seen = await Promise.all(
      places.map(async ({ tenant, branch }) => {
        const [row] = await documents.get('things', branch, tenant, ['k'])
        const { items } = await documents.list({
          collection: 'things',
          branch,
          tenant,
          filters: [],
          sort: [],
          limit: 9,
          after: undefined,
        })
        assert.deepEqual(items, row === undefined ? [] : [row])
        assert.equal(await documents.count('things', branch, tenant), items.length)
        return row?.document
      }),
    )
    assert.deepEqual(seen, ['{"n":0}', undefined, '{"n":2}'])
  }),

  law('names that contain each other’s separators stay apart', async (trial) => {
    const { log } = await trial.open()
    await appended(log, aRequest([to('b-1')], { tenant: 'a/' }))
    await appended(log, aRequest([to('/b-1')], { tenant: 'a' }))
    assert.equal((await readStreamFully(log, 'b-1', 'a/')).length, 1)
    assert.equal((await readStreamFully(log, '/b-1', 'a')).length, 1)
    assert.equal((await readStreamFully(log, 'b-1', 'a')).length, 0)
  }),
]
