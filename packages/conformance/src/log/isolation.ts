import assert from 'node:assert/strict'
import { law } from '../law.ts'
import { aCommand, aDocument, appended, appendOne, aRequest, readAll, readStreamFully, to } from '../make.ts'

/** The same names, ids and keys in three places: whatever happens in one must not be seen in another. */
const places = [
  { tenant: '', branch: 0 },
  { tenant: 'other', branch: 0 },
  { tenant: '', branch: 1 },
] as const

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

  law('each branch has positions of its own', async (trial) => {
    const { log } = await trial.open()
    assert.equal((await appended(log, aRequest([to('a-1', 2)]))).position, 1)
    assert.equal((await appended(log, aRequest([to('b-1', 3)], { branch: 1 }))).position, 1)
    assert.deepEqual([(await log.head(0)).position, (await log.head(1)).position], [2, 3])
  }),

  law('a stream of one tenant or branch is not the stream of that name of another', async (trial) => {
    const { log } = await trial.open()
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
    const { log } = await trial.open()
    await appended(log, aRequest([to('a-1', 3)], { tenant: 'other' }))
    await appended(log, aRequest([to('a-1', 3)], { branch: 1 }))
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
    const { log } = await trial.open()
    for (const branch of [0, 1]) await appended(log, aRequest([to(`branch-${branch}`, 2)], { branch }))
    for (const branch of [0, 1]) {
      assert.deepEqual(
        (await readAll(log, branch)).map(({ stream }) => stream),
        [`branch-${branch}`, `branch-${branch}`],
      )
    }
  }),

  law('streams are listed by tenant and branch', async (trial) => {
    const { log } = await trial.open()
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
    const { log, commands } = await trial.open()
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
    const { log, documents } = await trial.open()
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
