import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { HeadwaterError } from '@headwater/core'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { packRequests, packResults, unpackRequests, unpackResults } from '../src/write/pack.ts'
import { errorFromWire, errorToWire } from '../src/write/wire-error.ts'
import { anEvent, aRequest, append, newPath, openStore, readAll, statuses, to } from './support.ts'

const command = {
  type: 'Do',
  payload: '{}',
  status: 'accepted',
  reason: null,
  causationId: null,
  reads: '{}',
} as const

describe('a writer in a thread of its own', () => {
  it('answers appends as the inline one does, errors with their codes included', async () => {
    const store = await openStore({ writer: 'worker' })
    await store.documents.define('things', ['n'])
    const document = {
      collection: 'things',
      tenant: '',
      branch: 0,
      key: 'k',
      document: '{"n":1}',
      position: undefined,
    }
    const [first, ...others] = await append(
      store,
      aRequest([to('a-1', [anEvent({ tags: ['t:1'], data: Uint8Array.of(1, 2) })])], {
        command,
        commandId: 'once',
      }),
      aRequest([to('b-1')], { command, commandId: 'once' }),
      aRequest([{ stream: 'a-1', expected: 'none', events: [anEvent()] }]),
      aRequest([], { conditions: [{ query: { items: [{ tags: ['t:1'] }] }, after: 0 }] }),
      aRequest([to('c-1')], { documents: [{ ...document, expectedVersion: 3 }] }),
      aRequest([to('d-1')], { documents: [{ ...document, expectedVersion: 0, collection: 'nothing' }] }),
      aRequest([to('e-1')], { documents: [{ ...document, expectedVersion: 0 }] }),
    )
    expect(first).toEqual({ status: 'appended', position: 1, recordedAt: expect.any(Number), revisions: [1] })
    expect(others).toMatchObject([
      { status: 'duplicate' },
      { status: 'conflict', stream: 'a-1', expected: 'none', actual: 1 },
      { status: 'condition-failed', position: 1 },
      { status: 'document-conflict', collection: 'things', key: 'k' },
      { status: 'failed', error: expect.any(HeadwaterError) },
      { status: 'appended', position: 2 },
    ])
    const lease = { name: 'work', owner: 'nobody', token: 1 }
    const nothing = { checkpoint: undefined, documents: [], park: [], unpark: [] }
    await expect(
      store.progress.commit({ processor: 'p', branch: 0, lease, ...nothing }),
    ).rejects.toMatchObject({
      name: 'HeadwaterError',
      code: 'processor.fenced',
    })
    expect((await readAll(store)).events[0]?.data).toEqual(Uint8Array.of(1, 2))
  })

  it('finishes what it was asked for when it is closed, and refuses what comes later', async () => {
    const path = newPath()
    const store = await openStore({ path, writer: 'worker' })
    const asked = Array.from({ length: 20 }, (_, index) => append(store, aRequest([to(`s-${index}`)])))
    await store.close()
    expect((await Promise.all(asked)).flatMap(statuses)).toEqual(Array.from({ length: 20 }, () => 'appended'))
    await expect(append(store, aRequest([to('late-1')]))).rejects.toMatchObject({ code: 'log.closed' })
    await expect(store.log.head(0)).rejects.toMatchObject({ code: 'log.closed' })
    const again = await openStore({ path })
    expect((await again.log.head(0)).position).toBe(20)
  })

  it('says why the file can’t be opened', async () => {
    const path = newPath()
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE notes (text TEXT)')
    foreign.close()
    await expect(openStore({ path, writer: 'worker' })).rejects.toMatchObject({ code: 'log.format' })
  })

  it('keeps no process alive that has nothing more to do', async () => {
    const child = fork(fileURLToPath(new URL('./idle-process.ts', import.meta.url)), [newPath()])
    const [message] = (await once(child, 'message')) as [string[]]
    expect(message).toEqual(['appended'])
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('what goes between the threads', () => {
  it('arrives as it was sent', () => {
    const conditions = [{ query: { items: [{ types: ['A'] }] }, after: 3 }]
    const documents = [
      {
        collection: 'c',
        tenant: 't',
        branch: 1,
        key: 'k',
        document: null,
        expectedVersion: undefined,
        position: 4,
      },
    ]
    const requests = [
      aRequest([to('a-1', [anEvent({ tags: ['x', 'y'] }), anEvent()]), to('b-1', [])], {
        command,
        conditions,
      }),
      aRequest([{ stream: 'c-1', expected: 7, events: [] }], {
        actor: 'ada',
        causationId: '',
        documents,
        branch: 1,
        recordedAt: 1_000,
      }),
    ]
    expect(unpackRequests(packRequests(requests))).toEqual(requests)
    const results = [
      { status: 'appended', position: undefined, recordedAt: 5, revisions: [1, 2] },
      { status: 'conflict', stream: 'a-1', expected: 'exists', actual: 0 },
      { status: 'duplicate' },
    ] as const
    expect(unpackResults(packResults(results))).toEqual(results)
  })

  it('leaves errors their class, code and cause', () => {
    const cause = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
    const sent = new HeadwaterError('log.unavailable', 'No', {
      cause,
      details: { a: 1 },
      issues: [{ path: ['a'], message: 'b' }],
    })
    const received = errorFromWire(errorToWire(sent))
    expect(received).toBeInstanceOf(HeadwaterError)
    expect(received).toMatchObject({
      code: 'log.unavailable',
      message: 'No',
      details: { a: 1 },
      issues: [{ path: ['a'], message: 'b' }],
      cause: { message: 'disk I/O error', code: 'SQLITE_IOERR' },
      stack: sent.stack,
    })
    expect(errorFromWire(errorToWire('thrown text'))).toMatchObject({ message: 'thrown text' })
  })
})
