import { segmentFile } from '@headwater/cli'
import { type EventRow, type SegmentFile, segmentsOf, type Store } from '@headwater/core'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { openTrial } from './support.ts'

export const folder = mkdtempSync(join(tmpdir(), 'headwater-segments-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

export const newFile = (): SegmentFile => segmentFile(join(folder, `${randomUUID()}.gz`))

export async function opened(database = randomUUID()): Promise<Store> {
  const store = await openTrial({ database })
  onTestFinished(() => store.close())
  return store
}

export function append(store: Store, stream: string, data: string | Uint8Array = '{}', type = 'Happened') {
  return store.log.append([
    {
      tenant: stream.length % 2 === 0 ? '' : 'north',
      branch: 0,
      commandId: randomUUID(),
      actor: 'ada',
      correlationId: null,
      causationId: null,
      streams: [
        {
          stream,
          expected: 'any',
          events: [{ type, version: 1, data, occurredAt: 1_700_000_000_000, tags: [] }],
        },
      ],
      conditions: [],
      documents: [],
      command: null,
    },
  ])
}

/** Ten events in segments of four: a-1 has 1, 3, 5, 7, 9, and bb-2 has 2, 4, 6, 8, 10. */
export async function sealed(store: Store): Promise<ReturnType<typeof segmentsOf>> {
  for (let number = 1; number <= 10; number += 1)
    await append(
      store,
      number % 2 === 1 ? 'a-1' : 'bb-2',
      number % 3 === 0 ? Uint8Array.of(number, 0, 255) : '{}',
    )
  const segments = segmentsOf(store)
  await Array.fromAsync(segments.seal({ size: 4 }))
  return segments
}

export const page = (after: number, limit = 100) => ({ branch: 0, tenant: undefined, after, limit })
export const all = async (store: Store): Promise<readonly EventRow[]> =>
  (await store.log.read(page(0))).events
export const anyway = { withoutSnapshots: true }
export const isDetached = { code: 'segment.detached' }

/** What is read from the beginning; or the code of the error. */
export const found = (store: Store) => all(store).catch((error: { readonly code: string }) => error.code)

/** The store, if its process were killed after so many steps of detaching or attaching. */
export function failing(store: Store, steps: number): Store {
  const { detaching } = store.segments
  if (detaching === undefined) throw new Error('It can detach')
  let left = steps
  const stopped = new Proxy(detaching, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => {
        if (left === 0) throw new Error('killed')
        left -= 1
        return method.apply(target, given)
      }
    },
  })
  const { segments } = store
  return {
    ...store,
    segments: {
      list: (query) => segments.list(query),
      seal: (one) => segments.seal(one),
      detaching: stopped,
    },
  }
}
