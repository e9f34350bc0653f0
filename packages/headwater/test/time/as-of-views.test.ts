import { type Headwater, memoryStore, type Moment, openStore } from 'headwater'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayOf, type Entry, entry, eventOf, isBy, ledger, views } from '../support/ledger.ts'
import { type MakeStore, storesOf } from '../support/stores.ts'

async function recorded(makeStore: MakeStore, entries: readonly Entry[]): Promise<Headwater> {
  const headwater = await openStore(ledger, await makeStore(), { onError: () => undefined })
  for (const one of entries)
    await headwater.append(`account-${one.id}`, [eventOf(one)], { tenant: one.tenant })
  return headwater
}

/** An app that has recorded nothing but what belonged to the past as of a moment. */
async function onlyThat(entries: readonly Entry[], at: Moment): Promise<Headwater> {
  const headwater = await recorded(
    async () => memoryStore(),
    entries.filter((one, index) => isBy(at, index + 1, one)),
  )
  for (const processor of headwater.processors)
    await processor.waitFor((await headwater.head()).position, { timeLimit: 60_000 })
  return headwater
}

const pagesOf = (id: string) => Array.from({ length: 110 }, (_, page) => `${id}/${page + 2}`)
const keys = ['a', 'b', 'x', 'y', 'z', ...pagesOf('a'), ...pagesOf('b')]

/** Positions and ids are other ones in another log; what a document says is the same. */
function withoutPlace(doc: unknown): unknown {
  return JSON.parse(
    JSON.stringify(doc ?? null, (name, value) =>
      ['revision', 'eventId', 'causedBy'].includes(name) ? undefined : value,
    ),
  )
}

type Documents = Record<string, unknown>

/** What goes by revisions can't be compared with a log that lacks some in between. */
function withoutPages(found: Documents): Documents {
  return Object.fromEntries(Object.entries(found).filter(([name]) => !name.startsWith('pages')))
}

async function documents(headwater: Headwater, at: Moment | undefined): Promise<Documents> {
  const found: Documents = {}
  for (const { name } of views) {
    for (const tenant of ['', 'acme']) {
      const asked = name === 'pages' ? keys : keys.slice(0, 5)
      const options = { at, tenant, timeLimit: 60_000 }
      const items = await Promise.all(asked.map((key) => headwater.view(name).get(key, options)))
      for (const item of items)
        if (item !== undefined) found[`${name} ${tenant} ${item.key}`] = withoutPlace(item.doc)
    }
  }
  return found
}

async function listed(headwater: Headwater, at: Moment | undefined): Promise<Documents> {
  const found: Documents = {}
  for (const { name } of views) {
    for (const tenant of ['', 'acme']) {
      for await (const { key, doc } of headwater.view(name).all({ at, tenant, limit: 7 }))
        found[`${name} ${tenant} ${key}`] = withoutPlace(doc)
    }
  }
  return found
}

describe.each(storesOf('as-of-views'))('a view as of a moment, with %s,', (name, makeStore) => {
  it('is the fold of what belonged to it then: one document, and all of them', async () => {
    const few = fc.array(entry, { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(few, async (entries) => {
        const headwater = await recorded(makeStore, entries)
        const moments: Moment[] = [
          ...entries.map((_, index) => index + 1).filter((position) => position % 5 === 1),
          0,
          entries.length,
          dayOf(-1),
          dayOf(1),
          dayOf(4),
        ]
        for (const at of moments) {
          const expected = await onlyThat(entries, at)
          const then = await documents(expected, undefined)
          await expected.close()
          const found = await documents(headwater, at)
          expect(await listed(headwater, at)).toEqual(found)
          const compared = typeof at === 'number' ? (all: Documents) => all : withoutPages
          expect(compared(found)).toEqual(compared(then))
        }
        await headwater.close()
      }),
      { numRuns: name === 'PostgreSQL' ? 3 : 8 },
    )
  })

  it('is the same wherever its key has how many events before or after: folded from a version, or from the start', async () => {
    const many = fc.array(entry, { minLength: 700, maxLength: 900, size: 'max' })
    const [entries = []] = fc.sample(many, { seed: 1, numRuns: 1 })
    const headwater = await openStore(ledger, await makeStore(), { onError: () => undefined })
    onTestFinished(() => headwater.close())
    for (let start = 0; start < entries.length; start += 60) {
      for (const tenant of ['', 'acme']) {
        const part = entries.slice(start, start + 60).filter((one) => one.tenant === tenant)
        for (const id of ['a', 'b']) {
          const events = part.filter((one) => one.id === id).map(eventOf)
          if (events.length > 0) await headwater.append(`account-${id}`, events, { tenant })
        }
      }
      // The index grows while it is read.
      const { position } = await headwater.head()
      await headwater.view('by-tag').get('x', { at: position, timeLimit: 60_000 })
    }
    const { position: head } = await headwater.head()
    const positions = Array.from({ length: 12 }, (_, index) => Math.floor((head * (index + 1)) / 12))
    for (const at of [...positions, 1, 127, 128, 129, 257, dayOf(0), dayOf(3), dayOf(5)])
      expect(await documents(headwater, at)).toEqual(await listed(headwater, at))
  })
})
