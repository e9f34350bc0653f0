import assert from 'node:assert/strict'
import type { CommandRow, Store } from '@headwater/core'
import { law } from './law.ts'
import {
  aCommand,
  aDocument,
  appended,
  appendOne,
  aRequest,
  otherBranch,
  readAll,
  record,
  statuses,
  to,
} from './make.ts'

async function ids(rows: Promise<readonly CommandRow[]>): Promise<readonly string[]> {
  return (await rows).map(({ id }) => id)
}

async function logged(
  store: Store,
  commandId: string,
  parts: object = {},
  command: object = {},
): Promise<void> {
  await appended(store.log, aRequest([to('a-1')], { commandId, command: aCommand(command), ...parts }))
}

export const commandLogLaws = [
  law('a command comes back as it was logged', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 3)
    const command = aCommand({
      type: 'PlaceOrder',
      payload: '{"ä":"€𝄞"}',
      causationId: 'cause.1',
      reads: '{"streams":[["a-1",3]]}',
    })
    const request = aRequest([to('a-1', 2), to('b-1', 1)], {
      tenant: 't',
      actor: 'ada',
      correlationId: 'c',
      command,
    })
    const { recordedAt } = await appended(store.log, request)
    const row = await store.commands.find(0, 't', request.commandId)
    assert.ok(row)
    assert.deepEqual(
      { ...row },
      {
        sequence: row.sequence,
        tenant: 't',
        id: request.commandId,
        actor: 'ada',
        correlationId: 'c',
        decidedAt: recordedAt,
        position: 4,
        events: 3,
        ...command,
      },
    )
  }),

  law('a rejection is logged with its reason and without events', async (trial) => {
    const store = await trial.open()
    const command = aCommand({ status: 'rejected', reason: '{"code":"too-high"}' })
    const request = aRequest([to('a-1', 0, 'none')], { command })
    assert.equal((await appendOne(store.log, request)).status, 'appended')
    const row = await store.commands.find(0, '', request.commandId)
    assert.deepEqual(
      [row?.status, row?.reason, row?.position, row?.events],
      ['rejected', '{"code":"too-high"}', null, 0],
    )
  }),

  law('bytes of a payload and of a reason come back as bytes', async (trial) => {
    const store = await trial.open()
    const command = aCommand({
      status: 'rejected',
      payload: Uint8Array.of(1, 0, 255),
      reason: Uint8Array.of(7),
    })
    await logged(store, 'c1', {}, command)
    const row = await store.commands.find(0, '', 'c1')
    assert.ok(row?.payload instanceof Uint8Array && row.reason instanceof Uint8Array)
    assert.deepEqual([[...row.payload], [...row.reason]], [[1, 0, 255], [7]])
  }),

  law('a command that was never handled is not found', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1')
    assert.equal(await store.commands.find(0, '', 'c2'), undefined)
    assert.equal(await store.commands.find(0, '', 'C1'), undefined)
  }),

  law('a command id that was handled is answered as a duplicate and has no effect', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', [])
    await logged(store, 'c1')
    const repeat = aRequest([to('b-1')], {
      commandId: 'c1',
      command: aCommand({ type: 'Other' }),
      documents: [aDocument('k', {})],
    })
    assert.deepEqual(await appendOne(store.log, repeat), { status: 'duplicate' })
    assert.equal((await readAll(store.log)).length, 1)
    assert.deepEqual(await store.documents.get('things', 0, '', ['k']), [undefined])
    assert.equal((await store.commands.find(0, '', 'c1'))?.type, 'Do')
  }),

  law('a repeat is a duplicate, not a conflict, although the stream has moved', async (trial) => {
    const store = await trial.open()
    const request = aRequest([to('a-1', 1, 'none')], { command: aCommand() })
    await appended(store.log, request)
    assert.deepEqual(await appendOne(store.log, request), { status: 'duplicate' })
  }),

  law('a rejected command’s id is answered as a duplicate', async (trial) => {
    const store = await trial.open()
    const request = aRequest([to('a-1', 0)], { command: aCommand({ status: 'rejected', reason: '{}' }) })
    await appended(store.log, request)
    assert.deepEqual(await appendOne(store.log, { ...request, command: aCommand() }), { status: 'duplicate' })
  }),

  law('of two requests with one command id in one append the first one is recorded', async (trial) => {
    const store = await trial.open()
    const request = aRequest([to('a-1')], { command: aCommand() })
    const results = await store.log.append([request, aRequest([to('b-1')]), request])
    assert.deepEqual(statuses(results), ['appended', 'appended', 'duplicate'])
    assert.deepEqual(
      (await readAll(store.log)).map(({ stream }) => stream),
      ['a-1', 'b-1'],
    )
  }),

  law('a command that conflicted was not handled, and its id may come again', async (trial) => {
    const store = await trial.open()
    const request = aRequest([to('a-1', 1, 'exists')], { command: aCommand() })
    assert.equal((await appendOne(store.log, request)).status, 'conflict')
    assert.equal(await store.commands.find(0, '', request.commandId), undefined)
    await record(store, 'a-1')
    assert.equal((await appendOne(store.log, request)).status, 'appended')
  }),

  law('a command whose condition failed was not handled', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1')
    const conditions = [{ query: { items: [{ types: ['Happened'] }] }, after: 0 }]
    const request = aRequest([to('b-1')], { command: aCommand(), conditions })
    assert.equal((await appendOne(store.log, request)).status, 'condition-failed')
    assert.equal(await store.commands.find(0, '', request.commandId), undefined)
  }),

  law('an append without a command logs none', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1')
    assert.deepEqual(await store.commands.read({ branch: 0, tenant: undefined, after: 0, limit: 10 }), [])
  }),

  law('commands are read in the order of their decisions, page by page', async (trial) => {
    const store = await trial.open()
    for (const id of ['c3', 'c1', 'c2', 'c5', 'c4']) await logged(store, id)
    const read: string[] = []
    let after = 0
    for (;;) {
      const page = await store.commands.read({ branch: 0, tenant: undefined, after, limit: 2 })
      if (page.length === 0) break
      assert.ok(page.length <= 2)
      for (const { id, sequence } of page) {
        assert.ok(sequence > after, 'sequences rise')
        after = sequence
        read.push(id)
      }
    }
    assert.deepEqual(read, ['c3', 'c1', 'c2', 'c5', 'c4'])
  }),

  law('the commands of one append stand in its order', async (trial) => {
    const store = await trial.open()
    const requests = ['c2', 'c1', 'c3'].map((commandId, index) =>
      aRequest([to(`s-${index}`, index % 2)], { commandId, command: aCommand() }),
    )
    await store.log.append(requests)
    assert.deepEqual(await ids(store.commands.read({ branch: 0, tenant: '', after: 0, limit: 10 })), [
      'c2',
      'c1',
      'c3',
    ])
  }),

  law('commands are read by tenant and branch', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1')
    await logged(store, 'c2', { tenant: 'other' })
    const other = await otherBranch(store)
    await logged(store, 'c3', { branch: other })
    const read = (branch: number, tenant: string | undefined) =>
      ids(store.commands.read({ branch, tenant, after: 0, limit: 10 }))
    assert.deepEqual(await read(0, undefined), ['c1', 'c2'])
    assert.deepEqual(await read(0, ''), ['c1'])
    assert.deepEqual(await read(0, 'other'), ['c2'])
    assert.deepEqual(await read(other, undefined), ['c3'])
  }),

  law(
    'a trace gives the commands of a correlation, the one that began it included, oldest first',
    async (trial) => {
      const store = await trial.open()
      await logged(store, 'z-first')
      await logged(store, 'stranger')
      await logged(store, 'y-second', { correlationId: 'z-first' })
      await logged(store, 'x-third', { correlationId: 'z-first' })
      const trace = { branch: 0, tenant: '', correlationId: 'z-first', limit: 10 }
      assert.deepEqual(await ids(store.commands.trace(trace)), ['z-first', 'y-second', 'x-third'])
      assert.deepEqual(await ids(store.commands.trace({ ...trace, limit: 2 })), ['z-first', 'y-second'])
    },
  ),

  law(
    'a command that began a correlation of another name is not in the correlation of its own id',
    async (trial) => {
      const store = await trial.open()
      await logged(store, 'c1', { correlationId: 'session-7' })
      assert.deepEqual(
        await ids(store.commands.trace({ branch: 0, tenant: '', correlationId: 'c1', limit: 10 })),
        [],
      )
    },
  ),

  law('a trace gives the commands that an event caused', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1')
    await logged(store, 'c2', {}, { causationId: 'c1.1' })
    await logged(store, 'c3', {}, { causationId: 'c1.10' })
    const trace = { branch: 0, tenant: '', causationId: 'c1.1', limit: 10 }
    assert.deepEqual(await ids(store.commands.trace(trace)), ['c2'])
  }),

  law('a trace by both gives what belongs to either, once', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1')
    await logged(store, 'c2', { correlationId: 'c1' }, { causationId: 'c1.1' })
    await logged(store, 'c3', {}, { causationId: 'c1.1' })
    const trace = { branch: 0, tenant: '', correlationId: 'c1', causationId: 'c1.1', limit: 10 }
    assert.deepEqual(await ids(store.commands.trace(trace)), ['c1', 'c2', 'c3'])
  }),

  law('a trace does not leave its tenant and branch', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1')
    await logged(store, 'c2', { correlationId: 'c1', tenant: 'other' })
    await logged(store, 'c3', { correlationId: 'c1', branch: await otherBranch(store) })
    assert.deepEqual(
      await ids(store.commands.trace({ branch: 0, tenant: '', correlationId: 'c1', limit: 10 })),
      ['c1'],
    )
  }),

  law('the cause of a command is not the cause of its events', async (trial) => {
    const store = await trial.open()
    await logged(store, 'c1', {}, { causationId: 'c0.1' })
    const [event] = await readAll(store.log)
    assert.equal(event?.causationId, null)
  }),
]
