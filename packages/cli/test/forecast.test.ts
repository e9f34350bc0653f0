import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { plot } from '../src/terminal/plot.ts'
import till from './support/till/app.ts'
import { temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'

const tillApp = fileURLToPath(new URL('./support/till/app.ts', import.meta.url))

type Run = (...line: string[]) => ReturnType<typeof runHere>

/** Takings of thirty days, ten pence more on each, read from the file or over HTTP. */
async function sold(from: 'a database' | 'a server'): Promise<Run> {
  const db = join(await temporaryFolder(), 'till.db')
  const headwater = await openStore(till, await sqliteStore({ path: db }))
  const [Sold] = till.contexts.flatMap(({ events }) => events)
  for (let day = 0; day < 30; day += 1) {
    const data = { item: day % 2 === 0 ? 'tea' : 'milk', pence: 100 + 10 * day }
    const occurredAt = new Date(Date.UTC(2026, 0, 1 + day, 12))
    if (Sold !== undefined) await headwater.append('till-1', [Sold(data as never, { occurredAt })])
  }
  if (from === 'a database') {
    await headwater.close()
    return (...line) => runHere([...line, '--app', tillApp, '--db', db])
  }
  const gateway = createGateway(headwater)
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return (...line) => runHere([...line, '--url', url])
}

const asked = ['forecast', 'takings', '--field', 'pence', '--every', 'day', '--to', '2026-01-31']

describe.each(['a database', 'a server'] as const)('headwater forecast, of %s,', (from) => {
  it('draws what was and what is expected, and says how far to trust it', async () => {
    const run = await sold(from)
    const { code, stdout, stderr } = await run(...asked, '--for', '3', '--change', '--method', 'trend')
    expect(code).toBe(0)
    expect(stdout).toMatch(/•.*\n[^]*o/)
    expect(stdout).toMatch(/2026-01-31 +400\.00 +400\.00 +400\.00\n2026-02-01 +410/)
    expect(stderr).toMatch(/trend, from 30 periods\. Tried at .* moments .* held \d+ % of what came/)
  })

  it('prints JSON for programs, of all documents or of one', async () => {
    const run = await sold(from)
    const all = JSON.parse((await run(...asked, '--for', '2', '--json')).stdout)
    expect(all).toMatchObject({ view: 'takings', key: null, measure: 'value', level: 0.9 })
    expect(all.past).toHaveLength(30)
    expect(all.past.at(-1)).toEqual({
      from: '2026-01-30T00:00:00.000Z',
      to: '2026-01-31T00:00:00.000Z',
      value: 7_350,
    })
    const tea = JSON.parse((await run(...asked, '--for', '2', '--key', 'tea', '--json')).stdout)
    expect(tea.past.at(-1).value).toBe(3_600)
  })

  it('says what is missing', async () => {
    const run = await sold(from)
    expect(await run(...asked)).toMatchObject({ code: 2, stdout: '' })
    expect(await run(...asked, '--for', '2', '--method', 'magic')).toMatchObject({ code: 2, stdout: '' })
    const short = await run(...asked.slice(0, -1), '2026-01-05', '--for', '2')
    expect(short.stdout).toBe('')
    expect(short.code).not.toBe(0)
    expect(short.stderr).toContain('forecast.too-short')
  })
})

it('a plot has its band around what is expected', () => {
  const past = [1, 2, 3, 4].map((value) => ({ value }))
  expect(
    plot([...past, { value: 5, low: 3, high: 7 }, { value: 6, low: 2, high: 9 }], 60),
  ).toMatchInlineSnapshot(`
    "9 ┤     ░
      ┤     ░
      ┤    ░░
      ┤    ░o
    5 ┤    o░
      ┤   •░░
      ┤  • ░░
      ┤ •   ░
    1 ┤•"
  `)
})
