import { openStore, type Headwater } from '@headwater/core'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTrial, schemaOf, server } from '../support.ts'
import { accounts, asyncTotal, inlineBalances, inlineTotal } from './accounts.ts'

interface Worker<Message> {
  readonly told: readonly Message[]
  /** Waits for so many messages. */
  until(count: number): Promise<void>
  /** Waits for one of a kind. */
  untilOne(isIt: (message: Message) => boolean): Promise<void>
  kill(): Promise<void>
}

interface Deposit {
  readonly position: number
  readonly inline: number
  readonly async: number
}

interface Progress {
  readonly view: string
  readonly version: number
  readonly state: string
  readonly fraction: number
  readonly position: number
  readonly head: number
}

const script = fileURLToPath(new URL('./worker.ts', import.meta.url))

function start<Message>(schema: string, task: string, run: string): Worker<Message> {
  const child = spawn(
    process.execPath,
    ['--conditions=@headwater/source', script, server ?? '', schema, task, run],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const told: Message[] = []
  let heard = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message: unknown = JSON.parse(line)
    if (typeof message === 'object' && message !== null && !('ready' in message))
      told.push(message as Message)
    heard.resolve()
    heard = Promise.withResolvers<void>()
  })
  const more = (): Promise<void> => Promise.race([heard.promise, ended.then(() => fail(run))])
  return {
    told,
    until: async (count) => {
      while (told.length < count) await more()
    },
    untilOne: async (isIt) => {
      while (!told.some(isIt)) await more()
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function fail(run: string): never {
  throw new Error(`${run} has ended by itself`)
}

async function foldOf(headwater: Headwater): Promise<{ total: number; count: number }> {
  let [total, count] = [0, 0]
  for await (const { data } of headwater.events()) {
    total += (data as { amount: number }).amount
    count += 1
  }
  return { total, count }
}

/** Positions at which a view showed less than was recorded: every event counts. */
function missed(deposits: readonly Deposit[]): readonly Deposit[] {
  return deposits.filter((one) => one.inline < one.position || one.async < one.position)
}

describe.skipIf(server === undefined)('views in PostgreSQL, with several processes', () => {
  it('show whoever wrote what was written, while versions are built and those who build them are killed', async () => {
    const database = randomUUID()
    const schema = schemaOf(database)
    const headwater = await openStore(accounts, await openTrial({ database }), { leaseDuration: 1_000 })
    onTestFinished(() => headwater.close())
    const writers = ['a', 'b'].map((run) => start<Deposit>(schema, 'deposit', run))
    await Promise.all(writers.map((writer) => writer.until(20)))

    const progress: Progress[] = []
    for (const round of [1, 2, 3]) {
      const builder = start<Progress>(schema, 'rebuild', `builder${round}`)
      await builder.until(10 * round)
      // What another process has acknowledged is seen here, too.
      const { position } = writers[0]?.told.at(-1) ?? { position: 0 }
      const doc = await headwater.view(asyncTotal).get('all', { waitFor: position, timeLimit: 60_000 })
      expect(doc?.doc.count).toBeGreaterThanOrEqual(position)
      expect((await headwater.view(inlineTotal).get('all'))?.doc.count).toBeGreaterThanOrEqual(position)
      // The first ones are killed wherever they are, the last one when a version has taken over.
      if (round === 3) await builder.untilOne(({ state }) => state === 'switched')
      await builder.kill()
      progress.push(...builder.told)
    }
    await Promise.all(writers.map((writer) => writer.until(writer.told.length + 20)))
    await Promise.all(writers.map((writer) => writer.kill()))

    for (const writer of writers) expect(missed(writer.told)).toEqual([])
    // A version comes nearer to the head until it takes over.
    for (const { fraction, position, head } of progress) {
      expect(fraction).toBeLessThanOrEqual(1)
      expect(position).toBeLessThanOrEqual(head)
    }

    for (const view of [inlineTotal, asyncTotal]) await (await headwater.rebuild(view)).done()
    const expected = await foldOf(headwater)
    const waitFor = await headwater.lastPosition()
    for (const view of [inlineTotal, asyncTotal]) {
      const row = await headwater.view(view).get('all', { waitFor, timeLimit: 60_000 })
      expect(row?.doc).toEqual(expected)
      const versions = await headwater.versions(view).list()
      expect(versions.filter(({ state }) => state === 'current')).toHaveLength(1)
    }
    let sum = 0
    for await (const { doc } of headwater.view(inlineBalances).all()) sum += doc.balance
    expect(sum).toBe(expected.total)
  })
})
