import {
  app,
  jsonCodec,
  leaseOwner,
  memoryStore,
  openStore,
  systemClock,
  view,
  type ViewVersion,
} from '@headwater/core'
import { expect, it, onTestFinished } from 'vitest'
import { EventReader } from '../../src/log/event-reader.ts'
import { LogFeed } from '../../src/log/feed.ts'
import { allSlots } from '../../src/log/slots.ts'
import { ProcessorRunner, runnerParts } from '../../src/process/runner.ts'
import { StoredVersions } from '../../src/view/stored-versions.ts'
import { askingFirst } from '../../src/view/version-plan.ts'
import { viewPlan } from '../../src/view/view-plan.ts'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { until } from '../support/running.ts'

const totals = view('totals', { events: [Incremented], initial: 0, on: { Incremented: (sum) => sum + 1 } })

const version: ViewVersion = {
  view: 'totals',
  version: 2,
  state: 'building',
  collection: 'totals@2',
  processor: 'totals@2',
  lifecycle: 'inline',
  code: totals.code,
  types: ['Incremented'],
  options: '{}',
  madeBy: 'somebody',
  madeAt: 0,
  changedAt: 0,
  reason: null,
  fencedUntil: null,
}

/** Runs the processor of a version that appends feed by now, as who has not heard of that does. */
async function runAfterwards(hasBegun: boolean, asks: number) {
  const store = memoryStore()
  const headwater = await openStore(app({ name: 'counting', aggregates: [counter] }), store)
  onTestFinished(() => headwater.close())
  await headwater.execute(Increment({ counterId: 'a' }))
  const { collection, processor } = version
  if (hasBegun) {
    const checkpoint = { epoch: (await store.log.head(0)).epoch, position: 0, eventId: null }
    await store.progress.begin({ processor, branch: 0, ranges: [allSlots], checkpoint })
  }
  await store.viewVersions.change({
    branch: 0,
    expected: 0,
    put: [{ ...version, state: 'current' }],
    remove: [],
  })
  const errors: unknown[] = []
  const onError = (error: unknown): number => errors.push(error)
  const feed = new LogFeed(store.log, new EventReader(jsonCodec, [Incremented]), 1, onError)
  const clock = systemClock
  const owner = leaseOwner()
  const parts = runnerParts({ store, feed, codec: jsonCodec, clock, owner, onError, leaseDuration: 1_000 })
  const versions = await StoredVersions.load(store.viewVersions, onError)
  const plan = viewPlan(totals, {
    processor,
    collection,
    documents: store.documents,
    source: { log: store.log, decode: (row) => feed.decode(row) },
    codec: jsonCodec,
    onError,
    clock,
  })
  let begun = 0
  const asked = {
    refresh: () => {
      begun += 1
      return versions.refresh()
    },
  }
  const runner = new ProcessorRunner(
    askingFirst(plan, version, asked, () => Promise.resolve()),
    parts,
  )
  runner.run()
  await until(() => begun >= asks)
  await runner.stop()
  return { errors, partitions: await store.progress.partitions(processor, 0) }
}

it('who builds a version that appends feed by now folds nothing, and no error is told, until it is stopped', async () => {
  const { errors, partitions } = await runAfterwards(true, 3)
  expect(errors).toEqual([])
  expect(partitions).toMatchObject([{ checkpoint: { position: 0 } }])
})

it('what is not fed by a processor any more, and was forgotten, is not begun anew', async () => {
  const { errors, partitions } = await runAfterwards(false, 1)
  expect(errors).toEqual([])
  expect(partitions).toEqual([])
})
