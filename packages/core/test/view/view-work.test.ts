import {
  type DocumentWrite,
  type Documents,
  jsonCodec,
  memoryStore,
  asRecorded,
  recordedEvent,
  systemClock,
  view,
} from '@headwater/core'
import { expect, it } from 'vitest'
import { ParkedSequences } from '../../src/process/parked-sequences.ts'
import { wholeScope } from '../../src/process/scope.ts'
import { ViewWork } from '../../src/view/view-work.ts'
import { Incremented } from '../support/counter.ts'

const totals = view('totals', {
  events: [Incremented],
  initial: { total: 0, padding: '' },
  on: { Incremented: ({ total }, { data }) => ({ total: total + data.by, padding: 'x'.repeat(60_000) }) },
})

const happened = (position: number, key: number) =>
  recordedEvent(
    {
      position,
      tenant: '',
      stream: `counter-${key}`,
      revision: position,
      type: 'Incremented',
      version: 1,
      commandId: 'c',
      ordinal: position,
      recordedAt: 0,
      occurredAt: 0,
      actor: null,
      correlationId: null,
      causationId: null,
    },
    asRecorded(() => ({ by: 1 })),
  )

const lease = { name: 'processor:totals', owner: 'one', token: 1 }

it('does not read a document from the store while its commit is under way, however little memory may keep', async () => {
  const { documents, log } = memoryStore()
  await documents.define('totals@1', [])
  const read: string[] = []
  const watched: Pick<Documents, 'get'> = {
    get: (collection, branch, tenant, keys) => {
      read.push(...keys)
      return documents.get(collection, branch, tenant, keys)
    },
  }
  const work = new ViewWork(
    totals,
    {
      processor: 'totals',
      collection: 'totals@1',
      documents: Object.assign(Object.create(documents), watched),
      source: {
        log,
        decode: (row) =>
          recordedEvent(
            row,
            asRecorded(() => ({ by: 1 })),
          ),
      },
      codec: jsonCodec,
      onError: () => undefined,
      clock: systemClock,
    },
    wholeScope,
  )
  await work.begin(new ParkedSequences(), () => undefined, 0)
  const keys = 1_500
  const round = async (first: number): Promise<readonly DocumentWrite[]> => {
    await work.process(
      Array.from({ length: keys }, (_, key) => happened(first + key, key)),
      { lease, partition: { first: 0, last: 65_535, generation: 1 } },
    )
    return work.collect().documents
  }
  await round(1)
  read.length = 0
  // Nothing has been written to the store: had a document been read again, its total would begin anew.
  const written = await round(1 + keys)
  expect(read).toEqual([])
  expect(written.every(({ document }) => JSON.parse(String(document)).total === 2)).toBe(true)
})
