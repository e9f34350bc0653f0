import { existsSync } from 'node:fs'
import { readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postgresStore } from '@headwater/postgres'
import { transactionsOf, type Store } from '@headwater/core'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { open, storeAt } from '../src/app/open.ts'
import { temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'
import { newSchema, server } from './support/postgres.ts'
import mailing, { readers, sent, Subscribe, Subscribed, welcome } from './support/mailing/app.ts'

vi.setConfig({ testTimeout: 120_000 })
const app = fileURLToPath(new URL('./support/mailing/app.ts', import.meta.url))

beforeEach(() => {
  sent.length = 0
})

/** Two databases, and an archive that goes from one to the other. */
async function places(): Promise<Record<'folder' | 'from' | 'to' | 'archive', string>> {
  const folder = await temporaryFolder()
  const at = (name: string): string => join(folder, name)
  return { folder, from: at('a.db'), to: at('b.db'), archive: at('log.archive') }
}

/** A log of two tenants with commands, rejections, plain appends of several streams, odd texts, and a parked event. */
async function filled(db: string, commands = 700): Promise<void> {
  const headwater = await open(mailing, { db, onError: () => undefined })
  for (let from = 0; from < commands; from += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        headwater.execute(Subscribe({ readerId: `r${from + n}`, address: `${from + n}@ä€𝄞` }), {
          tenant: n % 3 === 0 ? 'acme' : '',
          actor: 'ada',
        }),
      ),
    )
  }
  await headwater.execute(Subscribe({ readerId: 'r1', address: 'again' }))
  await headwater.appendAll([
    { stream: 'reader-a', events: [Subscribed({ address: 'a' }), Subscribed({ address: 'a2 𝄞' })] },
    { stream: 'reader-b', events: [Subscribed({ address: 'b@nowhere' })] },
  ])
  const { position } = await headwater.head()
  await headwater.processor(welcome).waitFor(position, { timeLimit: 60_000 })
  await headwater.close()
}

async function transactionsIn(store: Store): Promise<readonly unknown[]> {
  const { position } = await store.log.head(0)
  const found: unknown[] = []
  for await (const { command, events } of transactionsOf(store, { position: 0, sequence: 0 }, position))
    found.push({ command: command && { ...command, sequence: 0 }, events: events.map((row) => ({ ...row })) })
  return found
}

async function contentOf(db: string): Promise<readonly unknown[]> {
  const store = await storeAt(db)
  try {
    return await transactionsIn(store)
  } finally {
    await store.close()
  }
}

const exported = (db: string, archive: string) => runHere(['export', archive, '--db', db, '--app', app])
const imported = (db: string, archive: string, ...more: string[]) =>
  runHere(['import', archive, '--db', db, '--app', app, '--json', ...more])

describe('an archive', () => {
  it('makes the same log again, and lets subscriptions go on where they stood', async () => {
    const { from, to, archive } = await places()
    await filled(from)
    expect(await exported(from, archive)).toMatchObject({ code: 0 })
    const made = await imported(to, archive)
    expect(JSON.parse(made.stdout)).toMatchObject({
      events: 703,
      commands: 701,
      repeated: 0,
      subscriptions: ['welcome'],
    })
    expect(await contentOf(to)).toEqual(await contentOf(from))
    expect(await imported(to, archive, '--verify')).toMatchObject({ code: 0 })

    sent.length = 0
    const headwater = await open(mailing, { db: to })
    onTestFinished(() => headwater.close())
    const { position } = await headwater.append('reader-c', [Subscribed({ address: 'c' })])
    await headwater.processor(welcome).waitFor(position, { timeLimit: 60_000 })
    expect(sent).toEqual(['c'])
    expect((await headwater.processor(welcome).summary()).parked).toBe(1)
    expect(await headwater.view(readers).get('a', { waitFor: position })).toMatchObject({
      doc: { address: 'a2 𝄞' },
    })
    const store = await storeAt(to)
    onTestFinished(() => store.close())
    const found = await store.log.read({
      branch: 0,
      tenant: 'acme',
      after: 0,
      limit: 10,
      query: { items: [{ tags: ['address:0@ä€𝄞'] }] },
    })
    expect(found.events.map(({ stream }) => stream)).toEqual(['reader-r0'])
  })

  it('is made and read again from where it was interrupted', async () => {
    const { folder, from, to, archive } = await places()
    await filled(from, 1_300)
    await exported(from, archive)
    const whole = await readFile(archive)
    // What a process that was killed has left, in the middle of a line.
    await writeFile(`${archive}.part`, whole.subarray(0, Math.floor(whole.length * 0.7)))
    await writeFile(join(folder, 'half'), whole.subarray(0, Math.floor(whole.length * 0.7)))
    const again = await exported(from, join(folder, 'log.archive2'))
    expect(again.code).toBe(0)
    await rename(archive, join(folder, 'first'))
    const resumed = await exported(from, archive)
    expect(resumed.stderr).toContain('Going on with')
    expect(await readFile(archive)).toEqual(whole)
    expect(existsSync(`${archive}.part`)).toBe(false)

    const half = await imported(to, join(folder, 'half'))
    expect(half).toMatchObject({ code: 3, stderr: expect.stringContaining('archive.invalid') })
    const rest = JSON.parse((await imported(to, archive)).stdout)
    expect(rest).toMatchObject({ events: 1_303 })
    expect(rest.repeated).toBeGreaterThan(0)
    expect(await contentOf(to)).toEqual(await contentOf(from))
  })

  it('that was changed is noticed before what was changed is recorded', async () => {
    const { from, to, archive } = await places()
    await filled(from, 100)
    await exported(from, archive)
    const text = await readFile(archive, 'utf8')
    await writeFile(archive, text.replace('"actor":"ada"', '"actor":"eve"'))
    expect(await imported(to, archive)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('archive.invalid'),
    })
    expect(await contentOf(to)).toEqual([])
    await writeFile(archive, text)
    await truncate(archive, Buffer.byteLength(text) - 80)
    expect(await imported(to, archive)).toMatchObject({ code: 3 })
  })

  it('is refused by a log that holds something else', async () => {
    const { from, to, archive } = await places()
    await filled(from, 100)
    await filled(to, 100)
    await exported(from, archive)
    const refused = { code: 3, stderr: expect.stringContaining('archive.mismatch') }
    expect(await imported(to, archive)).toMatchObject(refused)
    expect(await imported(to, archive, '--verify')).toMatchObject(refused)
  })

  describe.skipIf(server === undefined)('and PostgreSQL', () => {
    it('brings a log from a SQLite file to a server, and back', async () => {
      const folder = await temporaryFolder()
      const [from, back, there, again] = ['a.db', 'b.db', 'to.archive', 'back.archive'].map((name) =>
        join(folder, name),
      ) as [string, string, string, string]
      const db = newSchema()
      await filled(from)
      await exported(from, there)
      expect(await imported(db, there)).toMatchObject({ code: 0 })
      expect(await imported(db, there, '--verify')).toMatchObject({ code: 0 })
      const store = await postgresStore({ url: db })
      expect(await transactionsIn(store)).toEqual(await contentOf(from))
      await store.close()

      expect(await exported(db, again)).toMatchObject({ code: 0 })
      expect(await imported(back, again)).toMatchObject({ code: 0 })
      expect(await contentOf(back)).toEqual(await contentOf(from))
    })
  })
})
