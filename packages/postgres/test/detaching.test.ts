import { segmentFile } from '@headwater/cli'
import { segmentsOf } from '@headwater/core'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectPostgres } from '../src/inspect.ts'
import {
  all,
  anyway,
  append,
  failing,
  folder,
  found,
  isDetached,
  newFile,
  opened,
  page,
  sealed,
} from './detaching.ts'
import { administer, schemaOf, server } from './support.ts'

describe.skipIf(server === undefined)('detaching segments in PostgreSQL', () => {
  it('and attaching them again changes nothing', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const before = await all(store)
    const files = [newFile(), newFile()] as const
    await segments.detach(1, files[0], anyway)
    await segments.detach(2, files[1], anyway)
    await expect(all(store)).rejects.toMatchObject(isDetached)
    await segments.attach(1, files[0])
    await segments.attach(2, files[1])
    expect(await all(store)).toEqual(before)
    const findings = await Array.fromAsync(segments.verify())
    expect(findings.map(({ state, file, difference }) => [state, file, difference])).toEqual([
      ['attached', null, null],
      ['attached', null, null],
    ])
  })

  it('makes every read that would need them fail, and no other', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const before = await all(store)
    await segments.detach(1, newFile(), anyway)
    const { log } = store
    for (const after of [0, 1, 2]) await expect(log.read(page(after, 1))).rejects.toMatchObject(isDetached)
    // The last event of a segment stays.
    for (const after of [3, 4, 9]) expect((await log.read(page(after))).events).toEqual(before.slice(after))
    const a = { branch: 0, tenant: 'north', stream: 'a-1', limit: 10 }
    await expect(log.readStream({ ...a, after: 0 })).rejects.toMatchObject(isDetached)
    expect((await log.readStream({ ...a, after: 1 })).events.map(({ position }) => position)).toEqual([
      3, 5, 7, 9,
    ])
    expect((await log.readStream({ ...a, after: 2, to: 8 })).revision).toBe(4)
    await expect(log.readStream({ ...a, after: 0, to: 2 })).rejects.toMatchObject(isDetached)
    await expect(log.readAt({ branch: 0, positions: [1, 6] })).rejects.toMatchObject(isDetached)
    expect((await log.readAt({ branch: 0, positions: [4, 6] })).map(({ position }) => position)).toEqual([
      4, 6,
    ])
    const streams = { branch: 0, tenant: 'north', prefix: '', after: '', limit: 10 }
    expect(await log.listStreams(streams)).toEqual([{ stream: 'a-1', revision: 5 }])
    expect(await log.listStreams({ ...streams, to: 6 })).toEqual([{ stream: 'a-1', revision: 3 }])
    expect(await log.listTenants({ branch: 0, after: undefined, limit: 10 })).toEqual(['', 'north'])
    await expect(log.positionAt(0, 0)).rejects.toMatchObject(isDetached)
    expect(await log.positionAt(0, (before[9]?.recordedAt ?? 0) + 1)).toBe(11)
    await expect(log.read({ ...page(0), types: ['Happened'] })).rejects.toMatchObject(isDetached)
    expect((await log.read({ ...page(0), types: ['Never'] })).events).toEqual([])
  })

  it('lets appends go on, with the revisions and ids that there were', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const first = (await all(store))[0]
    await segments.detach(1, newFile(), anyway)
    await segments.detach(2, newFile(), anyway)
    await append(store, 'a-1')
    const query = { branch: 0, tenant: 'north', stream: 'a-1', after: 5, limit: 10 }
    expect(await store.log.readStream(query)).toMatchObject({ revision: 6, events: [{ position: 11 }] })
    const conditional = (after: number, tags: readonly string[]) =>
      store.log.append([
        {
          tenant: 'north',
          branch: 0,
          commandId: randomUUID(),
          actor: null,
          correlationId: null,
          causationId: null,
          streams: [{ stream: 'c-3', expected: 'any', events: [] }],
          conditions: [{ query: { items: [tags.length > 0 ? { tags } : { types: ['Happened'] }] }, after }],
          documents: [],
          command: null,
        },
      ])
    await expect(conditional(0, [])).rejects.toMatchObject(isDetached)
    expect(await conditional(0, ['none'])).toMatchObject([{ status: 'appended' }])
    expect(await conditional(8, [])).toMatchObject([{ status: 'condition-failed' }])
    expect(first?.revision).toBe(1)
  })

  it('is refused while something could need their events', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const file = newFile()
    await expect(segments.detach(1, file)).rejects.toMatchObject({ code: 'segment.needed' })
    const { epoch } = await store.log.head(0)
    const checkpoint = { epoch, position: 3, eventId: null }
    await store.progress.begin({
      processor: 'slow',
      branch: 0,
      ranges: [{ first: 0, last: 65_535 }],
      checkpoint,
    })
    await expect(segments.detach(1, file, anyway)).rejects.toMatchObject({
      code: 'segment.needed',
      message: 'Segment 1 is needed by the processor slow, which is at position 3',
    })
    await store.progress.reset('slow', 0)
    const base = { position: 5, recordedAt: 0, sequence: 0 }
    const branch = { tenant: '', name: 'what-if', parent: 0, base, clock: 0, actor: null, createdAt: 0 }
    await store.branches?.create(branch)
    await expect(segments.detach(2, file, anyway)).rejects.toMatchObject({
      message: 'Segment 2 is needed by the branch what-if, which is at position 5',
    })
    for (const [tenant, stream] of [
      ['north', 'a-1'],
      ['', 'bb-2'],
    ] as const) {
      const row = {
        branch: 0,
        tenant,
        stream,
        revision: 2,
        hash: '',
        epoch,
        eventId: '',
        takenAt: 0,
        state: '{}',
      }
      await store.snapshots.save([row])
    }
    expect(await segments.detach(1, file)).toMatchObject({ state: 'detached', file: file.name })
    await expect(segments.detach(1, file)).rejects.toMatchObject({ code: 'segment.changed' })
    await expect(segments.detach(9, file)).rejects.toMatchObject({ code: 'segment.unknown' })
  })

  it('removes and puts back nothing with a file that is not the segment’s', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const path = join(folder, `${randomUUID()}.gz`)
    const file = segmentFile(path)
    writeFileSync(path, 'not a segment')
    await expect(segments.detach(1, file, anyway)).rejects.toMatchObject({ code: 'segment.invalid-file' })
    expect(await all(store)).toHaveLength(10)
    rmSync(path)
    await segments.detach(1, file, anyway)
    const whole = readFileSync(path)
    for (const broken of [whole.subarray(0, -20), whole.with(40, (whole[40] ?? 0) ^ 1)]) {
      writeFileSync(path, broken)
      await expect(segments.attach(1, file)).rejects.toMatchObject({ code: 'segment.invalid-file' })
    }
    await expect(segments.attach(1, newFile())).rejects.toMatchObject({ code: 'segment.invalid-file' })
    writeFileSync(path, whole)
    await segments.attach(1, file)
    expect(await all(store)).toHaveLength(10)
  })

  it('that was changed behind the back is refused', async () => {
    const database = randomUUID()
    const store = await opened(database)
    const segments = await sealed(store)
    await administer(`UPDATE ${schemaOf(database)}.events SET actor = 'mallory' WHERE position = 2`)
    await expect(segments.detach(1, newFile(), anyway)).rejects.toMatchObject({
      code: 'segment.invalid-file',
    })
    expect(await all(store)).toHaveLength(10)
  })

  it('goes on where it was interrupted, and nobody ever reads less', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(5),
        fc.nat(5),
        fc.boolean(),
        async (stopDetaching, stopAttaching, isResumed) => {
          const store = await opened()
          const segments = await sealed(store)
          const before = await all(store)
          const file = newFile()
          const check = async () => {
            expect(['segment.detached', before]).toContainEqual(await found(store))
          }
          await segmentsOf(failing(store, stopDetaching))
            .detach(1, file, anyway)
            .catch(() => 'stopped')
          await check()
          if (isResumed) await segments.detach(1, file, anyway).catch(() => 'detached before')
          await check()
          await segmentsOf(failing(store, stopAttaching))
            .attach(1, file)
            .catch(() => 'stopped')
          await check()
          await segments.attach(1, file).catch(() => 'attached before')
          expect(await all(store)).toEqual(before)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('beside appends and readers', async () => {
    const store = await opened()
    const segments = await sealed(store)
    const before = await all(store)
    const file = newFile()
    let isOver = false
    const appending = (async () => {
      while (!isOver) await append(store, 'a-1')
    })()
    const reading = (async () => {
      while (!isOver) {
        const events = await found(store)
        const read = typeof events === 'string' ? events : events.slice(0, 10)
        expect(['segment.detached', before]).toContainEqual(read)
      }
    })()
    for (let round = 0; round < 5; round += 1) {
      await segments.detach(1, file, anyway)
      await segments.attach(1, file)
    }
    isOver = true
    await Promise.all([appending, reading])
    expect(await Array.fromAsync(segments.verify())).toMatchObject([
      { difference: null },
      { difference: null },
    ])
  })

  it('survives being killed at any instant', async () => {
    const database = randomUUID()
    const store = await opened(database)
    const segments = await sealed(store)
    const before = await all(store)
    const path = join(folder, `${randomUUID()}.gz`)
    const script = new URL('./detaching-process.ts', import.meta.url).pathname
    for (const wait of [0, 3, 8, 15, 30, 60]) {
      const child = spawn(
        process.execPath,
        ['--conditions=@headwater/source', script, server ?? '', schemaOf(database), path],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      await once(child.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, wait))
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(['segment.detached', before]).toContainEqual(await found(store))
    }
    const outcome = segments.attach(1, segmentFile(path)).then(
      ({ state }) => state,
      (error: { readonly code: string }) => error.code,
    )
    expect(['attached', 'segment.changed']).toContain(await outcome)
    expect(await all(store)).toEqual(before)
    expect(await Array.fromAsync(segments.verify())).toMatchObject([
      { difference: null },
      { difference: null },
    ])
  })

  it('is no gap for whoever looks into the database', async () => {
    const database = randomUUID()
    const store = await opened(database)
    const segments = await sealed(store)
    await segments.detach(1, newFile(), anyway)
    const url = new URL(server ?? '')
    url.searchParams.set('schema', schemaOf(database))
    expect(await inspectPostgres(url.href)).toMatchObject({ isDense: true, brokenStreams: 0, position: 10 })
  })
})
