import {
  app,
  type Headwater,
  isHeadwaterError,
  type Store,
  openStore,
  view,
  type ViewLifecycle,
} from '@headwater/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { lastingStore } from '../support/mortal.ts'

/** Two states of the code, which make different documents of the same events. */
const factors = { one: 1, two: 10 } as const
type Code = keyof typeof factors

interface Sum {
  readonly code: string
  readonly sum: number
  readonly seen: number
}

function sums(name: string, code: Code, lifecycle: ViewLifecycle) {
  return view(name, {
    events: [Incremented],
    key: ({ aggregateId }) => ['all', aggregateId],
    initial: { code: '', sum: 0, seen: 0 } as Sum,
    on: {
      Incremented: (doc, { data }) =>
        data.by === 7 && doc.seen > 3
          ? null
          : { code, sum: doc.sum + factors[code] * data.by, seen: doc.seen + 1 },
    },
    lifecycle,
    revision: code,
  })
}

const names = ['later', 'inline'] as const
const appOf = (code: Code) =>
  app({
    name: 'sums',
    aggregates: [counter],
    views: [sums('later', code, 'async'), sums('inline', code, 'inline')],
  })

type Step =
  | {
      readonly kind: 'send'
      readonly by: readonly number[]
      readonly process: number
      readonly awaited: boolean
    }
  | { readonly kind: 'rebuild' | 'wait'; readonly view: (typeof names)[number]; readonly process: number }
  | { readonly kind: 'back'; readonly view: (typeof names)[number]; readonly process: number }
  | { readonly kind: 'replace'; readonly process: number; readonly code: Code; readonly killed: boolean }

const process = fc.nat(1)
const ofView = fc.constantFrom(...names)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      by: fc.array(fc.constantFrom(1, 2, 7), { minLength: 1, maxLength: 8 }),
      process,
      awaited: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('rebuild' as const, 'wait' as const),
      view: ofView,
      process,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('back' as const), view: ofView, process }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      process,
      code: fc.constantFrom<Code>('one', 'two'),
      killed: fc.boolean(),
    }),
  },
)

/** What may be said no to here, without anything being wrong. */
const expected = [
  'view.superseded',
  'view.rebuild-running',
  'view.version-unknown',
  'view.no-rebuild',
  'view.rebuild-failed',
] as const

async function unlessRefused(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!expected.some((code) => isHeadwaterError(error, code))) throw error
  }
}

/** A process that can be killed. */
interface Process {
  readonly headwater: Headwater
  readonly failures: unknown[]
  kill(): void
}

class World {
  readonly #lasting = lastingStore()
  readonly processes: Process[] = []
  readonly underway: Promise<unknown>[] = []
  #keys = 0

  get store(): Store {
    return this.#lasting.store
  }

  async start(code: Code): Promise<Process> {
    const { store, kill } = this.#lasting.mortal()
    const failures: unknown[] = []
    const headwater = await openStore(appOf(code), store, {
      leaseDuration: 150,
      onChangedView: 'rebuild',
      viewGrace: 600_000,
      onWarning: () => undefined,
      onError: (error) => {
        // Under load a lease may run out before it is renewed: then it goes on with another.
        if (!isHeadwaterError(error, 'processor.fenced')) failures.push(error)
      },
    })
    return { headwater, failures, kill }
  }

  async open(index: number, code: Code): Promise<void> {
    this.processes[index] = await this.start(code)
  }

  async perform(given: Step): Promise<void> {
    const current = this.processes[given.process]
    if (current === undefined) throw new Error('There is no such process')
    const { headwater } = current
    switch (given.kind) {
      case 'send': {
        const sent = Promise.all(given.by.map((by) => unlessRefused(headwater.execute(this.#command(by)))))
        // Of a process that is killed nothing comes back.
        if (given.awaited) await Promise.race([sent, pause(500)])
        else this.underway.push(sent)
        return
      }
      case 'rebuild':
        return unlessRefused(headwater.rebuild(given.view))
      case 'wait':
        return unlessRefused(
          Promise.race([
            headwater
              .versions(given.view)
              .rebuilding()
              .then((one) => one.done()),
            pause(500),
          ]),
        )
      case 'back': {
        const versions = await headwater.versions(given.view).list()
        const retired = versions.find(({ state, isOwnCode }) => state === 'retired' && isOwnCode)
        if (retired !== undefined)
          await unlessRefused(headwater.versions(given.view).switchTo(retired.version))
        return
      }
      case 'replace':
        if (given.killed) current.kill()
        else await headwater.close()
        await Promise.race([unlessRefused(this.open(given.process, given.code)), pause(3_000)])
    }
  }

  #command(by: number) {
    this.#keys += 1
    return Increment({ counterId: `c${this.#keys % 3}`, by })
  }

  async events(): Promise<
    readonly { readonly id: string; readonly by: number; readonly position: number }[]
  > {
    const { events } = await this.store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 10_000 })
    return events.map(({ stream, data, position }) => {
      return { id: stream.slice('counter-'.length), by: JSON.parse(String(data)).by, position }
    })
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The documents that the code makes of events, up to a position each. */
function folded(code: Code, events: Awaited<ReturnType<World['events']>>): Map<string, Sum> {
  const docs = new Map<string, Sum>()
  for (const { id, by } of events) {
    for (const key of ['all', id]) {
      const doc = docs.get(key) ?? { code: '', sum: 0, seen: 0 }
      if (by === 7 && doc.seen > 3) docs.delete(key)
      else docs.set(key, { code, sum: doc.sum + factors[code] * by, seen: doc.seen + 1 })
    }
  }
  return docs
}

/** Every document that is read is what one state of the code makes of the events up to its position. */
async function checkAnyTime(headwater: Headwater, world: World): Promise<void> {
  const read = await Promise.all(names.map((name) => headwater.view(name).list({ limit: 1_000 })))
  const events = await world.events()
  for (const { items } of read) {
    for (const { key, doc, position } of items) {
      const { code } = doc as Sum
      const upTo = events.filter((event) => event.position <= position)
      expect({ key, doc }).toEqual({ key, doc: folded(code as Code, upTo).get(key) })
    }
  }
}

/** In the end every view is the fold of the log by the code that runs, as one that was built from nothing. */
async function checkInTheEnd(world: World, code: Code): Promise<void> {
  for (const one of world.processes) one.kill()
  await pause(200)
  const last = await world.start(code)
  const { headwater } = last
  for (const name of names) {
    const versions = headwater.versions(name)
    for (;;) {
      const list = await versions.list()
      const current = list.filter(({ state }) => state === 'current')
      expect(current).toHaveLength(1)
      if (current[0]?.isOwnCode === true && list.every(({ state }) => state !== 'building')) break
      const building = list.find(({ state }) => state === 'building')
      if (building === undefined) await unlessRefused(headwater.rebuild(name))
      // Its code runs nowhere any more.
      else if (!building.isOwnCode) await (await versions.rebuilding()).cancel()
      await pause(10)
    }
  }
  const waitFor = (await headwater.lastPosition()) ?? 0
  const wanted = Object.fromEntries(folded(code, await world.events()))
  const documents = async (name: string) => {
    const { items } = await headwater.view(name).list({ waitFor, limit: 1_000, timeLimit: 60_000 })
    return Object.fromEntries(items.map(({ key, doc }) => [key, doc]))
  }
  for (const name of names) expect(await documents(name)).toEqual(wanted)
  for (const name of names) await (await headwater.rebuild(name)).done()
  for (const name of names) expect(await documents(name)).toEqual(wanted)
  expect(last.failures).toEqual([])
  await headwater.close()
}

it('a view is the fold of the log, whatever is rebuilt, switched, sent, replaced and killed meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 14 }),
      fc.constantFrom<Code>('one', 'two'),
      async (steps, code) => {
        const world = new World()
        await world.open(0, 'one')
        await world.open(1, 'one')
        for (const given of steps) {
          await world.perform(given)
          const reader = world.processes[given.process]
          if (reader !== undefined) await Promise.race([checkAnyTime(reader.headwater, world), pause(2_000)])
        }
        await checkInTheEnd(world, code)
      },
    ),
    { numRuns: 12 },
  )
}, 240_000)
