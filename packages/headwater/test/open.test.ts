import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aggregate, app, command, event, open } from 'headwater'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'

const Lit = event('Lit', z.object({}))
const Light = command('Light', z.object({ candleId: z.string() }))
const candle = aggregate('candle', {
  events: [Lit],
  commands: [Light],
  initial: { burns: false },
  evolve: { Lit: () => ({ burns: true }) },
  decide: { Light: ({ burns }) => (burns ? undefined : Lit({})) },
})
const candles = app({ name: 'candles', aggregates: [candle] })

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-open-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

it('what is opened on a file is there when it is opened again', async () => {
  const db = join(await temporaryFolder(), 'candles.db')
  const first = await open(candles, { db })
  await first.execute(Light({ candleId: 'a' }))
  await first.close()
  const second = await open(candles, { db })
  onTestFinished(() => second.close())
  expect(second.store.name).toBe(`sqlite:${db}`)
  expect(await second.state(candle, 'a')).toEqual({ state: { burns: true }, revision: 1 })
})

it('what is opened in memory shares nothing with another', async () => {
  const [one, other] = await Promise.all([open(candles, { db: 'memory:' }), open(candles, { db: 'memory:' })])
  onTestFinished(() => one.close())
  onTestFinished(() => other.close())
  await one.execute(Light({ candleId: 'a' }))
  expect((await other.head()).position).toBe(0)
})

it('a database of a kind that there is no store for is refused', async () => {
  await expect(open(candles, { db: 'redis://localhost' })).rejects.toMatchObject({ code: 'store.unknown' })
})

it('a file in a folder that is not there is refused, not made elsewhere', async () => {
  const db = join(await temporaryFolder(), 'nowhere', 'candles.db')
  await expect(open(candles, { db })).rejects.toMatchObject({ code: 'log.unavailable' })
})
