import assert from 'node:assert/strict'
import { isHeadwaterError, type Branches, type BranchRow, type NewBranch, type Store } from '@headwater/core'
import { law, type Law } from '../law.ts'
import {
  aBranch,
  aCommand,
  aDocument,
  anEvent,
  appended,
  appendOne,
  aRequest,
  atTheBeginning,
  readAll,
  readStreamFully,
  record,
  statuses,
  to,
} from '../make.ts'
import type { Trial } from '../trial.ts'

/** A store under test, with its branches at hand. */
async function open(trial: Trial): Promise<Store & { readonly branches: Branches }> {
  const store = await trial.open()
  assert.ok(store.branches)
  return { ...store, branches: store.branches }
}

function branchLaw(sentence: string, check: (trial: Trial) => Promise<void>, ...needs: Law['needs']): Law {
  return law(sentence, check, 'branches', ...needs)
}

async function begin(
  { branches }: { readonly branches: Branches },
  name: string,
  parts: Partial<NewBranch> = {},
): Promise<BranchRow> {
  const created = await branches.create(aBranch(name, parts))
  assert.ok(created.status === 'created', `not created: ${created.status}`)
  return created.branch
}

/** All that can be read of a branch, to be compared. */
async function everythingOn({ log, commands }: Store, branch: number): Promise<unknown> {
  const rows = await commands.read({ branch, tenant: undefined, after: 0, limit: 1_000 })
  const events = await readAll(log, branch)
  const streams = await log.listStreams({ branch, tenant: '', prefix: '', after: '', limit: 1_000 })
  const pages = await Promise.all(
    streams.map(({ stream }) => log.readStream({ branch, tenant: '', stream, after: 0, limit: 1_000 })),
  )
  const correlation = { branch, tenant: '', correlationId: 'c', limit: 100 }
  return {
    head: await log.head(branch),
    events,
    streams,
    pages,
    tenants: await log.listTenants({ branch, after: undefined, limit: 100 }),
    commands: rows,
    found: await Promise.all(rows.map(({ tenant, id }) => commands.find(branch, tenant, id))),
    traced: await commands.trace(correlation),
    times: await Promise.all(events.map(({ recordedAt }) => log.positionAt(branch, recordedAt))),
    end: await log.positionAt(branch, Number.MAX_SAFE_INTEGER),
  }
}

async function withHistory(store: Store): Promise<void> {
  for (let index = 1; index <= 6; index++) {
    const event = anEvent({ type: index % 2 === 0 ? 'Red' : 'Green', tags: [`n:${index}`] })
    const command = aCommand({ payload: `{"n":${index}}` })
    const parts = { command, commandId: `c-${index}`, tenant: index === 5 ? 'other' : '', correlationId: 'c' }
    await appended(store.log, aRequest([to(`s-${index % 3}`, [event])], parts))
  }
  const refused = { command: aCommand({ status: 'rejected' }), commandId: 'c-7' }
  await appended(store.log, aRequest([to('s-1', 0)], refused))
}

export const branchLaws = [
  branchLaw('a branch is found by its name, and comes back as it was made', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const { recordedAt } = await store.log.head(0)
    const branch = await begin(store, 'what-if', { actor: 'ada', clock: 5, tenant: 't' })
    assert.deepEqual(
      { ...branch, base: { ...branch.base, sequence: undefined } },
      {
        ...aBranch('what-if', { actor: 'ada', clock: 5, tenant: 't' }),
        id: branch.id,
        base: { position: 6, recordedAt, sequence: undefined },
      },
    )
    assert.deepEqual(await store.branches.find('t', 'what-if'), branch)
    assert.deepEqual(await store.branches.get(branch.id), branch)
    assert.equal(await store.branches.find('', 'what-if'), undefined)
    assert.equal(await store.branches.get(branch.id + 1), undefined)
  }),

  branchLaw('a tenant has one branch of a name, whoever races for it', async (trial) => {
    const store = await open(trial)
    const racing = await Promise.all(Array.from({ length: 8 }, () => store.branches.create(aBranch('one'))))
    assert.deepEqual(racing.map(({ status }) => status).toSorted(), ['created', ...Array(7).fill('taken')])
    assert.equal((await store.branches.create(aBranch('one', { tenant: 'other' }))).status, 'created')
  }),

  branchLaw('a branch of nothing is refused', async (trial) => {
    const store = await open(trial)
    assert.deepEqual(await store.branches.create(aBranch('one', { parent: 7 })), { status: 'no-parent' })
  }),

  branchLaw('branches are listed by tenant and name, page by page', async (trial) => {
    const { branches } = await open(trial)
    for (const name of ['b', 'a', 'é', 'c']) await begin({ branches }, name)
    await begin({ branches }, 'a', { tenant: 'other' })
    const list = async (
      tenant: string | undefined,
      after: Pick<BranchRow, 'tenant' | 'name'> | undefined,
      limit = 9,
    ) => (await branches.list({ tenant, after, limit })).map((row) => `${row.tenant}/${row.name}`)
    assert.deepEqual(await list('', undefined), ['/a', '/b', '/c', '/é'])
    assert.deepEqual(await list('', { tenant: '', name: 'a' }, 2), ['/b', '/c'])
    assert.deepEqual(await list('other', undefined), ['other/a'])
    assert.deepEqual(await list(undefined, { tenant: '', name: 'c' }), ['/é', 'other/a'])
  }),

  branchLaw('an empty branch equals its parent everywhere', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const one = await begin(store, 'one')
    assert.deepEqual(await everythingOn(store, one.id), await everythingOn(store, 0))
    const two = await begin(store, 'two', { parent: one.id })
    assert.deepEqual(await everythingOn(store, two.id), await everythingOn(store, 0))
  }),

  branchLaw('a branch of an empty log is empty', async (trial) => {
    const store = await open(trial)
    const { id } = await begin(store, 'one')
    await withHistory(store)
    const { epoch } = await store.log.head(0)
    assert.deepEqual(await store.log.head(id), { epoch, position: 0, recordedAt: undefined })
    assert.deepEqual(await readAll(store.log, id), [])
    assert.equal((await appended(store.log, aRequest([to('a-1')], { branch: id }))).position, 1)
  }),

  branchLaw('a branch goes on where it begins: positions, revisions and times', async (trial) => {
    const store = await open(trial)
    await record(store, 'a-1', 2)
    await record(store, 'b-1', 1)
    const { id } = await begin(store, 'one')
    const later = await record(store, 'a-1', 3)
    const result = await appended(
      store.log,
      aRequest([to('a-1', 2, 2), to('c-1', 1, 'none')], { branch: id }),
    )
    assert.deepEqual([result.position, result.revisions], [4, [4, 1]])
    assert.deepEqual(
      (await readAll(store.log, id)).map(({ position, stream, revision }) => [position, stream, revision]),
      [
        [1, 'a-1', 1],
        [2, 'a-1', 2],
        [3, 'b-1', 1],
        [4, 'a-1', 3],
        [5, 'a-1', 4],
        [6, 'c-1', 1],
      ],
    )
    assert.equal(later.position, 4)
    assert.equal((await readStreamFully(store.log, 'a-1', '', 0)).length, 5)
  }),

  branchLaw('a branch of a place in the past has what was recorded up to there', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const [, , third] = await readAll(store.log)
    const command = await store.commands.find(0, '', 'c-3')
    assert.ok(third && command)
    const base = { position: 3, recordedAt: third.recordedAt, sequence: command.sequence }
    const { id } = await begin(store, 'one', { base })
    assert.deepEqual(await readAll(store.log, id), (await readAll(store.log)).slice(0, 3))
    const ids = (await store.commands.read({ branch: id, tenant: undefined, after: 0, limit: 9 })).map(
      (row) => row.id,
    )
    assert.deepEqual(ids, ['c-1', 'c-2', 'c-3'])
    assert.equal(await store.commands.find(id, '', 'c-4'), undefined)
    const again = (commandId: string) => aRequest([to('a-1')], { branch: id, commandId, command: aCommand() })
    assert.deepEqual(statuses(await store.log.append(['c-3', 'c-4', 'c-4'].map(again))), [
      'duplicate',
      'appended',
      'duplicate',
    ])
  }),

  branchLaw('what a branch records is refused as on main: by its past and by its tail', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const { id: branch } = await begin(store, 'one')
    const tagged = (tag: string, after: number) => [{ query: { items: [{ tags: [tag] }] }, after }]
    const send = async (stream: Parameters<typeof to>, parts = {}) =>
      (await appendOne(store.log, aRequest([to(...stream)], { branch, ...parts }))).status
    assert.equal(await send(['s-1', 1, 'none']), 'conflict')
    assert.equal(await send(['s-1', 1, 1]), 'conflict')
    assert.equal(await send(['s-1', 1, 2]), 'appended')
    assert.equal(await send(['s-1', 1, 2]), 'conflict')
    assert.equal(await send(['s-1', 1, 3]), 'appended')
    assert.equal(await send(['s-1'], { conditions: tagged('n:4', 3) }), 'condition-failed')
    assert.equal(await send(['s-1'], { conditions: tagged('n:4', 4) }), 'appended')
    assert.equal(await send(['s-1', 1, 9], { conditions: tagged('n:4', 3) }), 'conflict')
    assert.equal(await send(['s-1'], { command: aCommand(), commandId: 'c-2' }), 'duplicate')
    assert.equal(await send(['s-1'], { command: aCommand(), commandId: 'c-7' }), 'duplicate')
  }),

  branchLaw('nothing on the parent changes by what is recorded on a branch', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const before = await everythingOn(store, 0)
    const one = await begin(store, 'one')
    const two = await begin(store, 'two', { parent: one.id })
    const onOne = async () => everythingOn(store, one.id)
    await appended(
      store.log,
      aRequest([to('s-1', 2)], { branch: one.id, command: aCommand(), correlationId: 'c' }),
    )
    const between = await onOne()
    await appended(store.log, aRequest([to('s-1', 3), to('new-1')], { branch: two.id, tenant: 'third' }))
    assert.deepEqual(await everythingOn(store, 0), before)
    assert.deepEqual(await onOne(), between)
    await store.branches.drop(two.id)
    await store.branches.drop(one.id)
    assert.deepEqual(await everythingOn(store, 0), before)
  }),

  branchLaw('a branch that others begin on is not dropped', async (trial) => {
    const store = await open(trial)
    const one = await begin(store, 'one')
    const two = await begin(store, 'two', { parent: one.id })
    assert.equal(await store.branches.drop(one.id), 'parent')
    assert.deepEqual(await store.branches.find('', 'one'), one)
    assert.equal(await store.branches.drop(two.id), 'dropped')
    assert.equal(await store.branches.drop(two.id), 'unknown')
    assert.equal(await store.branches.drop(one.id), 'dropped')
  }),

  branchLaw('a drop leaves no trace', async (trial) => {
    const store = await open(trial)
    await store.documents.define('things', [], true)
    const { id: branch } = await begin(store, 'one')
    for (let index = 0; index < 12; index++) {
      const documents = [aDocument(`k-${index}`, { index }, { branch, words: 'mug' })]
      const command = aCommand({ payload: '"gone"' })
      await appended(
        store.log,
        aRequest([to('a-1', [anEvent({ tags: ['x'] })])], { branch, documents, command }),
      )
    }
    assert.equal(await store.branches.drop(branch), 'dropped')
    assert.equal(await store.branches.find('', 'one'), undefined)
    assert.deepEqual(await store.branches.list({ tenant: undefined, after: undefined, limit: 9 }), [])
    assert.equal(await store.documents.count('things', branch, ''), 0)
    const search = {
      collection: 'things',
      branch,
      tenant: '',
      filters: [],
      sort: [],
      limit: 9,
      after: undefined,
    }
    assert.deepEqual((await store.documents.list({ ...search, search: ['mug'] })).items, [])
    const isUnknown = (error: unknown): boolean => isHeadwaterError(error, 'branch.unknown')
    await assert.rejects(store.log.head(branch), isUnknown)
    await assert.rejects(store.log.read({ branch, tenant: '', after: 0, limit: 1 }), isUnknown)
    await assert.rejects(store.commands.read({ branch, tenant: '', after: 0, limit: 1 }), isUnknown)
    const again = await begin(store, 'one', { base: atTheBeginning })
    assert.ok(again.id > branch, 'no id is given twice')
    assert.deepEqual(await readAll(store.log, again.id), [])
  }),

  branchLaw('an append to a branch that is not there, or not any more, fails', async (trial) => {
    const store = await open(trial)
    const { id } = await begin(store, 'one')
    await appended(store.log, aRequest([to('a-1')], { branch: id }))
    await store.branches.drop(id)
    const requests = [
      aRequest([to('a-1')], { branch: id }),
      aRequest([to('a-1')]),
      aRequest([to('a-1')], { branch: 99 }),
    ]
    const results = await store.log.append(requests)
    assert.deepEqual(statuses(results), ['failed', 'appended', 'failed'])
    for (const result of results)
      if (result.status === 'failed') assert.ok(isHeadwaterError(result.error, 'branch.unknown'))
  }),

  branchLaw('of appends that race with a drop each is recorded before it or fails', async (trial) => {
    const store = await open(trial)
    const { id } = await begin(store, 'one')
    const racing = Array.from({ length: 20 }, (_, index) =>
      appendOne(store.log, aRequest([to(`a-${index}`)], { branch: id })),
    )
    const [dropped, ...results] = await Promise.all([store.branches.drop(id), ...racing])
    assert.equal(dropped, 'dropped')
    for (const { status } of results) assert.ok(['appended', 'failed'].includes(status), status)
    await assert.rejects(readAll(store.log, id))
  }),

  branchLaw('what was decided on a branch that was dropped is in nobody’s past', async (trial) => {
    const store = await open(trial)
    await withHistory(store)
    const { id: doomed } = await begin(store, 'doomed')
    for (let index = 0; index < 3; index++)
      await appended(store.log, aRequest([to('a-1')], { branch: doomed, command: aCommand() }))
    const { id } = await begin(store, 'one')
    await store.branches.drop(doomed)
    for (let index = 0; index < 5; index++)
      await appended(store.log, aRequest([to('a-1')], { command: aCommand(), commandId: `later-${index}` }))
    const rows = await store.commands.read({ branch: id, tenant: undefined, after: 0, limit: 99 })
    assert.deepEqual(
      rows.map((row) => row.id),
      [1, 2, 3, 4, 5, 6, 7].map((index) => `c-${index}`),
    )
    assert.equal(await store.commands.find(id, '', 'later-0'), undefined)
  }),

  branchLaw('the clock of a branch is moved', async (trial) => {
    const { branches } = await open(trial)
    const { id } = await begin({ branches }, 'one')
    assert.equal(await branches.setClock(id, -3_600_000), true)
    assert.equal((await branches.get(id))?.clock, -3_600_000)
    assert.equal((await branches.find('', 'one'))?.clock, -3_600_000)
    assert.equal(await branches.setClock(id + 1, 1), false)
  }),
]
