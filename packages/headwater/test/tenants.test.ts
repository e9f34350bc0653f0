import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { firstValueFrom, toArray } from 'rxjs'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Headwater, memoryStore, openStore, type Store } from 'headwater'
import { sqliteStore } from '@headwater/sqlite'
import { Echo, Echoed, echo, FindNotes, latest, Note, Noted, note, notes, views } from './support/notes.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-tenants-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const stores: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', async () => memoryStore()],
  ['SQLite', async () => sqliteStore({ path: join(await mkdtemp(join(folder, 'store-')), 'log.db') })],
]

async function opened(makeStore: () => Promise<Store>): Promise<Headwater> {
  const headwater = await openStore(notes, await makeStore(), { onError: () => undefined })
  onTestFinished(() => headwater.close())
  return headwater
}

interface Scope {
  readonly tenant?: string
}

/** Everything that acme has: its note has the id 1, its command the id cmd-1, its text a word that nothing else has. */
async function withAcme(makeStore: () => Promise<Store>): Promise<Headwater> {
  const headwater = await opened(makeStore)
  await headwater.execute(Note({ noteId: '1', text: 'Marker' }), { id: 'cmd-1', tenant: 'acme' })
  await headwater.append('note-1', [Noted({ text: 'Marker again' })], { id: 'cmd-2', tenant: 'acme' })
  await headwater.append('other-1', [Noted({ text: 'Globex' })], { tenant: 'globex' })
  await settled(headwater)
  return headwater
}

/** Waits until everything that follows from what was recorded is recorded and shown. */
async function settled(headwater: Headwater): Promise<void> {
  for (let before = -1, { position } = await headwater.head(); before !== position; ) {
    before = position
    await Promise.all(
      headwater.processors.map((processor) => processor.waitFor(before, { timeLimit: 60_000 })),
    )
    position = (await headwater.head()).position
  }
}

type Look = (headwater: Headwater, scope: Scope) => Promise<unknown>

/** Reads by every method that reads something of a tenant, with all that names something of acme. */
const looks: Readonly<Record<string, readonly Look[]>> = {
  state: [
    (headwater, scope) => headwater.state(note, '1', scope),
    (headwater, scope) => headwater.state('note-1', { ...scope, at: 2 }),
  ],
  history: [
    (headwater, scope) => headwater.history('note-1', scope),
    (headwater, scope) => headwater.history('note-1', { ...scope, at: new Date() }),
  ],
  events: [
    (headwater, scope) => Array.fromAsync(headwater.events(scope)),
    (headwater, scope) =>
      Array.fromAsync(headwater.events({ ...scope, query: { items: [{ tags: ['text:Marker'] }] } })),
  ],
  events$: [
    (headwater, scope) => firstValueFrom(headwater.events$({ ...scope, live: false }).pipe(toArray())),
  ],
  readEvents: [(headwater, scope) => headwater.readEvents({ ...scope, types: [Noted] })],
  subscribe: [
    async (headwater, scope) => {
      const seen: unknown[] = []
      const { position } = await headwater.append('end-1', [Noted({ text: 'end' })], scope)
      const stop = Promise.withResolvers<void>()
      const end = headwater.subscribe((one) => {
        seen.push(one)
        if (one.position === position) stop.resolve()
      }, scope)
      await stop.promise
      end()
      return seen
    },
  ],
  stream: [(headwater, scope) => Array.fromAsync(headwater.stream('note-1', scope))],
  stream$: [
    (headwater, scope) =>
      firstValueFrom(headwater.stream$('note-1', { ...scope, live: false }).pipe(toArray())),
  ],
  readStream: [(headwater, scope) => headwater.readStream('note-1', scope)],
  streams: [(headwater, scope) => headwater.streams({ ...scope, prefix: 'note-' })],
  event: [
    (headwater, scope) => headwater.event('cmd-1.1', scope),
    (headwater, scope) => headwater.event('cmd-2.1', scope),
  ],
  debug: [
    async (headwater, scope) => {
      const session = await headwater.debug({ ...scope, types: ['Noted'] })
      return [await session.step(), await session.step(), await session.back()]
    },
    async (headwater, scope) => (await headwater.debug({ ...scope, streams: ['note-1'] })).runTo(2),
  ],
  trace: [
    (headwater, scope) => headwater.trace('cmd-1', scope),
    (headwater, scope) => headwater.trace('cmd-1.1', scope),
  ],
  commands: [(headwater, scope) => headwater.commands(scope)],
  query: [(headwater, scope) => headwater.query(FindNotes({ text: 'marker' }), scope)],
  queryRaw: [(headwater, scope) => headwater.queryRaw('FindNotes', { text: 'mark' }, scope)],
  view: views.flatMap((one): Look[] => [
    (headwater, scope) => headwater.view(one).get('1', scope),
    (headwater, scope) => headwater.view(one).list({ ...scope, search: 'marker' }),
    (headwater, scope) => headwater.view(one).get('1', { ...scope, at: 2 }),
    (headwater, scope) => headwater.view(one).list({ ...scope, search: 'marker', at: 2 }),
    (headwater, scope) => headwater.view(one.name).list({ ...scope, sort: '-$key', limit: 1 }),
    (headwater, scope) => Array.fromAsync(headwater.view(one).all(scope)),
  ]),
  image: [
    async (headwater, scope) => {
      const { position } = await headwater.head()
      return [...(await headwater.image(latest, scope).at(position)).texts.entries()]
    },
  ],
  externals: [
    (headwater, scope) => headwater.externals.calls(scope),
    (headwater, scope) => headwater.externals.calls({ ...scope, external: 'spelling', callerId: 'cmd-1' }),
  ],
  snapshots: [
    async (headwater, scope) => {
      await headwater.snapshots.take({ tenant: 'acme' })
      return Array.fromAsync(headwater.snapshots.list(scope))
    },
  ],
}

type Write = (headwater: Headwater, scope: Scope) => Promise<unknown>

/** Records by every method that records something of a tenant, under names and ids that acme has used. */
const writes: Readonly<Record<string, Write>> = {
  execute: (headwater, scope) =>
    headwater.execute(Note({ noteId: '1', text: 'Marker' }), { id: 'cmd-1', ...scope }),
  executeRaw: (headwater, scope) =>
    headwater.executeRaw('Note', { noteId: '1', text: 'x' }, { id: 'cmd-2', expectedRevision: 0, ...scope }),
  dispatch: async (headwater, scope) => {
    headwater.dispatch(Note({ noteId: '1', text: 'Marker' }), { id: 'cmd-1', ...scope })
    for await (const one of headwater.events({ live: true, ...scope }))
      if (one.stream === 'note-1') return one.data
    return undefined
  },
  append: (headwater, scope) =>
    headwater.append('note-1', [Noted({ text: 'x' })], { expected: 'none', id: 'cmd-2', ...scope }),
  appendAll: (headwater, scope) =>
    headwater.appendAll([{ stream: 'new-1', events: [Noted({ text: 'x' })] }], {
      condition: { query: { items: [{ tags: ['text:Marker'] }] }, after: 0 },
      ...scope,
    }),
  // Acme's events are not there for others: nothing of them is said.
  amend: (headwater, scope) => refused(headwater.amend([{ omit: 'cmd-1.1' }], { why: 'x', ...scope })),
  amendRaw: (headwater, scope) => refused(headwater.amendRaw([{ omit: 'cmd-2.1' }], { why: 'x', ...scope })),
  ignore: (headwater, scope) => refused(headwater.ignore('cmd-1.1', { why: 'x', ...scope })),
  correct: (headwater, scope) =>
    refused(headwater.correct('cmd-1.1', Noted({ text: 'x' }), { why: 'x', ...scope })),
  planReversal: (headwater, scope) => refused(headwater.planReversal({ causedBy: 'cmd-1' }, scope)),
  revert: async (headwater, { tenant = '' }) => {
    const plan = await headwater.planReversal({ stream: 'note-1', to: 0 }, { tenant })
    return (await headwater.revert(plan, { why: 'x' })).recorded
  },
  restore: (headwater, scope) => refused(headwater.restore('cmd-1.1', { why: 'x', ...scope })),
}

/** An error's code; what was not refused is told as met again. */
async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'again',
    (error: { readonly code: string }) => error.code,
  )
}

/** What a running app has that belongs to no tenant, or where each has an own test. */
const others: Readonly<Record<string, string>> = {
  app: 'is the same for all',
  catalog: 'is the same for all',
  store: 'is the same for all',
  head: 'positions are those of the one log',
  lastPosition: 'positions are those of the one log',
  views: 'says how far views are, not what they show',
  results: 'of an event of the tenant; of another’s it says that there is none, which is tried over HTTP',
  processors: 'say how far they are, not with what',
  processor: 'says how far processors are; what is parked is asked for by its tenant',
  rule: 'rules are the app’s',
  rules: 'rules are the app’s',
  images: 'say how far they are, not what they hold',
  segments: 'are of the one log, by positions; what is in them is not shown',
  roles: 'are what this process does, for all',
  externals: 'is read by the tenant that is asked for; tried with the journal',
  rebuild: 'views are rebuilt for all',
  versions: 'of views, for all',
  branch: 'is of one tenant, whoever is named on it; tried with branches',
  branches: 'are named by their tenants; tried with branches',
  forecast: 'is of documents of the tenant; tried with forecasts',
  predict: 'is on a branch of the tenant; tried with predictions',
  publish: 'tells those who listen for its tenant; tried with the publisher',
  listen: 'hears what is published for its tenant; tried with the publisher',
  close: 'ends everything',
  stop: 'ends what runs in the background',
  repository: 'executes and loads, by the same options as `execute` and `state`; tried with classes',
  sql: 'tables of one’s own, whose rows are one’s own to tell apart',
  transaction: 'tables of one’s own, whose rows are one’s own to tell apart',
}

it('every method is about a tenant, or says why it is not', async () => {
  const headwater = await opened(async () => memoryStore())
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(headwater))
  const names = new Set([...inherited, ...Object.keys(headwater)])
  const methods = [...names].filter((name) => name !== 'constructor')
  // A new one has to say above what it is tried with.
  expect(methods.sort()).toEqual(Object.keys({ ...looks, ...writes, ...others }).sort())
})

describe.each(stores)('with a store in %s', (_, makeStore) => {
  it('nothing that reads shows what is another tenant’s', async () => {
    const headwater = await withAcme(makeStore)
    for (const [name, attempts] of Object.entries(looks)) {
      for (const [index, look] of attempts.entries()) {
        const seen = async (scope: Scope): Promise<string> =>
          JSON.stringify((await look(headwater, scope)) ?? null)
        expect([name, index, /Marker|note-1/.test(await seen({ tenant: 'acme' }))]).toEqual([
          name,
          index,
          true,
        ])
        for (const scope of [{}, { tenant: '' }, { tenant: 'globex' }, { tenant: 'nobody' }])
          expect([name, index, scope, /Marker|cmd-1|cmd-2/.test(await seen(scope))]).toEqual([
            name,
            index,
            scope,
            false,
          ])
      }
    }
  })

  it('nothing that records meets or touches what is another tenant’s', async () => {
    for (const [name, write] of Object.entries(writes)) {
      const headwater = await withAcme(makeStore)
      const picture = async () => JSON.stringify(await Array.fromAsync(headwater.events({ tenant: 'acme' })))
      const before = await picture()
      for (const tenant of ['', 'globex']) {
        const answer = JSON.stringify(await write(headwater, { tenant }))
        expect([name, tenant, /rejected|noted-already|again/.test(answer)]).toEqual([name, tenant, false])
      }
      await settled(headwater)
      expect([name, await picture()]).toEqual([name, before])
    }
  })

  it('a reaction stays with the tenant of what it reacts to, and has ids of its own', async () => {
    const headwater = await withAcme(makeStore)
    const echoed = async (tenant: string) =>
      (await headwater.readEvents({ tenant, types: [Echoed] })).events.map(({ tenant: of, data }) => [
        of,
        data.id,
      ])
    const [acme, globex] = [await echoed('acme'), await echoed('globex')]
    expect(acme.map(([of]) => of)).toEqual(['acme', 'acme'])
    expect(globex.map(([of]) => of)).toEqual(['globex'])
    expect(await echoed('')).toEqual([])
    // Of the two ids that a decision makes, the natural one is the same within a tenant only.
    const natural = (id: string | undefined): string | undefined => id?.split(' ')[1]
    expect(natural(acme[0]?.[1])).toBe(natural(acme[1]?.[1]))
    expect(natural(acme[0]?.[1])).not.toBe(natural(globex[0]?.[1]))
  })

  it('two tenants may use one command id, and what is made of it differs', async () => {
    const headwater = await opened(makeStore)
    const ids = await Promise.all(
      ['', 'acme', 'globex'].map(async (tenant) => {
        await headwater.execute(Echo({ echoId: '1' }), { id: 'same', tenant })
        return (await headwater.state(echo, '1', { tenant })).state.id
      }),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('a cursor of another tenant gives what is one’s own', async () => {
    const headwater = await opened(makeStore)
    for (const tenant of ['acme', 'globex'])
      for (const noteId of ['1', '2', '3'])
        await headwater.execute(Note({ noteId, text: `of ${tenant}` }), { tenant })
    await settled(headwater)
    for (const one of views) {
      const page = await headwater.view(one).list({ tenant: 'acme', limit: 1, search: 'of' })
      const next = await headwater
        .view(one)
        .list({ tenant: 'globex', limit: 5, search: 'of', cursor: page.cursor ?? '' })
      expect(next.items.map(({ key, doc }) => [key, ...doc.texts])).toEqual([
        ['2', 'of globex'],
        ['3', 'of globex'],
      ])
    }
  })

  it('all tenants are read where that is said, and only then', async () => {
    const headwater = await withAcme(makeStore)
    const all = await headwater.readEvents({ allTenants: true, types: [Noted] })
    expect(all.events.map(({ tenant }) => tenant)).toEqual(['acme', 'acme', 'globex'])
    expect((await headwater.commands({ allTenants: true })).map(({ tenant }) => tenant)).toContain('globex')
    await expect(headwater.readEvents({ allTenants: true, tenant: 'acme' })).rejects.toMatchObject({
      code: 'tenant.invalid-name',
    })
  })

  it('two tenants at once are what each is alone', async () => {
    const step = fc.record({
      tenant: fc.constantFrom('acme', 'globex'),
      noteId: fc.constantFrom('1', '2'),
      text: fc.constantFrom('a', 'b', 'c', 'd'),
      id: fc.option(fc.constantFrom('cmd-1', 'cmd-2', 'cmd-3'), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const together = await play(makeStore, steps)
        for (const tenant of ['acme', 'globex']) {
          const alone = await play(
            makeStore,
            steps.filter((one) => one.tenant === tenant),
          )
          expect(together[tenant]).toEqual(alone[tenant])
        }
      }),
      { numRuns: 12 },
    )
  })
})

interface Step {
  readonly tenant: string
  readonly noteId: string
  readonly text: string
  readonly id: string | undefined
}

/** What each tenant has in the end; positions and times, which are those of the one log, left out. */
async function play(
  makeStore: () => Promise<Store>,
  steps: readonly Step[],
): Promise<Record<string, unknown>> {
  const headwater = await openStore(notes, await makeStore(), { onError: () => undefined })
  const answers: Record<string, unknown[]> = { acme: [], globex: [] }
  for (const { tenant, noteId, text, id } of steps) {
    const sent = headwater.execute(Note({ noteId, text }), { tenant, ...(id !== undefined && { id }) })
    answers[tenant]?.push(
      await sent.then(
        ({ status, stream, revision }) => [status, stream, revision],
        (error: { code: string }) => error.code,
      ),
    )
  }
  await settled(headwater)
  const result: Record<string, unknown> = {}
  for (const tenant of ['acme', 'globex']) {
    const events = await Array.fromAsync(headwater.events({ tenant }), ({ stream, revision, type, data }) =>
      type === 'Noted' ? [stream, revision, data] : [stream, revision],
    )
    const documents = await Promise.all(
      views.map(async (one) =>
        (await headwater.view(one).list({ tenant })).items.map(({ key, doc }) => [key, doc]),
      ),
    )
    const logged = (await headwater.commands({ tenant })).map(({ type, status }) => [type, status])
    const byText = (one: unknown, other: unknown): number =>
      JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
    result[tenant] = {
      answers: answers[tenant],
      events: events.sort(byText),
      documents,
      logged: logged.sort(byText),
    }
  }
  await headwater.close()
  return result
}
