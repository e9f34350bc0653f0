import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { openStore, type Store } from '@headwater/core'
import { expect, it, onTestFinished } from 'vitest'
import type { StoreInProcesses } from '../../../src/subject.ts'
import { payments } from './payments.ts'

const payer = fileURLToPath(new URL('./payer.ts', import.meta.url))
const count = 40
/** Processes take a while to start, on a machine that has other things to do. */
const timeLimit = 240_000

/** A bank and a post office: the same key gets the same receipt, and is written down once. */
class Outside {
  readonly ledger = new Map<
    string,
    { readonly what: string; readonly body: string; readonly receipt: string }
  >()
  requests = 0
  /** Called before something is written down, before it is answered, and after. */
  onMoment: () => void = () => undefined
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      void Array.fromAsync(request).then((chunks) => {
        this.requests += 1
        this.onMoment()
        const key = String(request.headers['idempotency-key'])
        const body = Buffer.concat(chunks as Buffer[]).toString()
        const known = this.ledger.get(key)
        const what = String(request.url)
        const entry = known ?? { what, body, receipt: `receipt ${this.ledger.size + 1}` }
        this.ledger.set(key, entry)
        this.onMoment()
        response.end(JSON.stringify({ receipt: entry.receipt }))
        this.onMoment()
      })
    })
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void this.#server.close())
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  of(what: string) {
    return [...this.ledger.values()].filter((entry) => entry.what === what)
  }
}

function start(...given: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@headwater/source', payer, ...given], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.on('close', (code) => resolve(code)))

/** Every payment is recorded once, was charged once and confirmed once, and the log has the bank's receipts. */
async function requirePaidOnce(store: Store, outside: Outside): Promise<void> {
  const headwater = await openStore(payments('http://127.0.0.1:9'), store, { processors: false })
  onTestFinished(() => headwater.close())
  const events = (await headwater.readEvents({ limit: 1_000 })).events
  const paid = events.map(({ data }) => data as { amount: number; receipt: string })
  const amounts = paid.map(({ amount }) => amount).toSorted((one, other) => one - other)
  expect(amounts).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  const charges = outside.of('/charge').map(({ body, receipt }) => `${body} ${receipt}`)
  expect(charges.toSorted()).toEqual(
    paid.map(({ amount, receipt }) => `${JSON.stringify({ amount })} ${receipt}`).toSorted(),
  )
  const mails = outside.of('/mail').map(({ body }) => body)
  expect(mails.toSorted()).toEqual(paid.map(({ receipt }) => JSON.stringify({ about: receipt })).toSorted())
  const calls = await headwater.externals.calls({ limit: 1_000 })
  expect(calls.map(({ status }) => status)).toEqual(Array.from({ length: 2 * count }, () => 'answered'))
  expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set(outside.ledger.keys()))
}

/**
 * Tests of a store that several processes share that what commands and subscriptions have done outside is done once.
 *
 * @param open opens a database; the processes open the same one
 */
export function paysOnce(
  open: (database: string) => Promise<Store>,
  { module, arguments: given = [] }: StoreInProcesses,
): void {
  const started = (address: string, database: string): ChildProcess =>
    start(address, String(count), module.href, database, ...given)

  it(
    'has everything done outside once, wherever between intent, call and answer the process is killed',
    async ({ signal }) => {
      const [outside, database] = [new Outside(), randomUUID()]
      const address = await outside.open()
      let kills = 0
      let code: number | null = null
      while (code !== 0 && !signal.aborted) {
        const child = started(address, database)
        // Somewhere in the next requests; in the end it may live.
        let moments = kills < 6 ? 1 + Math.floor(Math.random() * 40) : Number.POSITIVE_INFINITY
        outside.onMoment = () => {
          moments -= 1
          if (moments === 0) child.kill('SIGKILL')
        }
        code = await ended(child)
        if (code !== 0) kills += 1
      }
      expect(kills).toBeGreaterThan(2)
      await requirePaidOnce(await open(database), outside)
    },
    timeLimit,
  )

  it(
    'has everything done outside once, when two processes handle the same commands',
    async () => {
      const [outside, database] = [new Outside(), randomUUID()]
      const address = await outside.open()
      const children = [1, 2].map(() => started(address, database))
      expect(await Promise.all(children.map(ended))).toEqual([0, 0])
      await requirePaidOnce(await open(database), outside)
    },
    timeLimit,
  )
}
