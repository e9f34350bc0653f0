import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Headwater, open, type RecordedEvent } from 'headwater'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import app from '../app.ts'
import { headwaterIn, importRetail, lines } from './retail.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** The real file, where it is at hand; else lines that have all of its oddities. */
const given = process.env['HEADWATER_RETAIL']

/** The shop as it was recorded: whoever compares two logs wants neither of them to go on by itself. */
const withoutReactions = {
  ...app,
  contexts: app.contexts.map((context) => ({ ...context, subscriptions: [] })),
}

let folder: string
/** A log that the shop of each year has added to, and one that today's shop made of the same invoices. */
let grown: Headwater
let fresh: Headwater

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-evolution-'))
  const [header = '', ...rows] =
    given === undefined ? lines : (await readFile(given, 'utf8')).trimEnd().split(/\r?\n/)
  const invoices = [...new Set(rows.map(invoiceOf))]
  const years = [0, 1, 2].map(
    (year) => new Set(invoices.filter((_, n) => Math.floor((n * 3) / invoices.length) === year)),
  )
  const shops = ['test/first-shop.ts', 'test/second-shop.ts', '.']
  for (const [year, own] of years.entries()) {
    const file = `year-${year + 1}.csv`
    await writeFile(join(folder, file), [header, ...rows.filter((row) => own.has(invoiceOf(row)))].join('\n'))
    await importRetail(folder, file, { app: shops[year] ?? '.', db: 'grown.db' })
    await importRetail(folder, file, { db: 'fresh.db' })
  }
  grown = await open(withoutReactions, { db: join(folder, 'grown.db') })
  fresh = await open(withoutReactions, { db: join(folder, 'fresh.db') })
})

afterAll(async () => {
  await grown.close()
  await fresh.close()
  await rm(folder, { recursive: true, force: true })
})

const invoiceOf = (row: string): string => row.slice(0, row.indexOf(','))
const contexts = app.contexts
const eventsOf = (headwater: Headwater): Promise<RecordedEvent[]> => Array.fromAsync(headwater.events())

describe('a log that three versions of the shop have written', () => {
  it('holds orders of every version, and reads as if today’s shop had written all of them', async () => {
    const [old, young] = await Promise.all([eventsOf(grown), eventsOf(fresh)])
    const versions = old
      .filter(({ type }) => type === 'OrderPlaced')
      .map(({ recordedVersion }) => recordedVersion)
    expect([...new Set(versions)]).toEqual([1, 2, 3])
    const read = ({ type, version, stream, revision, position, occurredAt, data }: RecordedEvent) => {
      return { type, version, stream, revision, position, occurredAt, data }
    }
    expect(old.map(read)).toEqual(young.map(read))
  })

  it('knows corrections of the stock that nobody had called so', async () => {
    const corrections = (await eventsOf(grown)).filter(
      ({ type, data }) => type === 'OrderPlaced' && JSON.stringify(data).includes('"kind":"correction"'),
    )
    expect(corrections.length).toBeGreaterThan(0)
    for (const { data } of corrections) expect(data).toMatchObject({ total: 0, currency: 'GBP' })
    expect(corrections.some(({ recordedVersion }) => recordedVersion < 3)).toBe(true)
  })

  it('gives every view the documents that a fresh log gives', async () => {
    const { position } = await grown.head()
    const names = contexts.flatMap(({ views }) => views.map(({ name }) => name))
    expect(names).toContain('sales-by-country')
    for (const name of names) {
      const documents = async (headwater: Headwater) =>
        (await Array.fromAsync(headwater.view(name).all({ waitFor: position }))).map(({ key, doc }) => [
          key,
          doc,
        ])
      expect([name, await documents(grown)]).toEqual([name, await documents(fresh)])
    }
  })

  it('gives every aggregate the state that a fresh log gives', async () => {
    const streams = await grown.streams({ limit: 1_000 })
    expect(streams.length).toBeGreaterThan(5)
    const aggregates = new Map(
      contexts.flatMap((context) => context.aggregates.map((one) => [one.name, one] as const)),
    )
    for (const { stream } of streams) {
      const [name = '', id = ''] = stream.split('-')
      const aggregate = aggregates.get(name)
      if (aggregate === undefined) throw new Error(`No aggregate has streams like ${stream}`)
      expect(await grown.state(aggregate, id)).toEqual(await fresh.state(aggregate, id))
    }
  })

  it('passes the check of the catalog', async () => {
    const checked = await headwaterIn(folder, [
      'catalog',
      'check',
      join(import.meta.dirname, '..'),
      '--db',
      'grown.db',
      '--json',
      '--commands',
    ])
    expect(checked).toMatchObject({ code: 0 })
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, misfitCount: 0 })
  })

  it('has nothing left of the old versions after a migration, and still reads the same', async () => {
    const old = join(folder, 'grown.db')
    const migrated = await headwaterIn(folder, [
      'migrate',
      old,
      'new.db',
      '--app',
      join(import.meta.dirname, '..'),
    ])
    expect(migrated).toMatchObject({ code: 0 })
    const now = await open(app, { db: join(folder, 'new.db'), processors: false })
    try {
      const [before, after] = await Promise.all([eventsOf(grown), eventsOf(now)])
      expect(after.every(({ recordedVersion, version }) => recordedVersion === version)).toBe(true)
      const without = (event: RecordedEvent) => ({ ...event.toJSON(), recordedVersion: undefined })
      expect(after.map(without)).toEqual(before.map(without))
    } finally {
      await now.close()
    }
  })
})
