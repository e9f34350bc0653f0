import { type Branch, type Headwater, openStore, type RecordedEvent, type ReplayReport } from 'headwater'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import {
  accounts,
  anOrder,
  aMove,
  bank,
  commandOf,
  Deposited,
  type Order,
  Requested,
  Withdrawn,
} from './bank.ts'
import { BankModel, type Pin } from './bank-model.ts'
import type { MakeStore } from './stores.ts'

const silent = { onError: () => undefined }
export const why = 'it was so'

type Either = Branch | Headwater

export async function inNewBank<Result>(
  makeStore: MakeStore,
  work: (headwater: Headwater) => Promise<Result>,
): Promise<Result> {
  const headwater = await openStore(bank, await makeStore(), silent)
  try {
    return await work(headwater)
  } finally {
    await headwater.close()
  }
}

/** Sends one after the other, each when all that follows from the one before is done. */
export async function sendAll(to: Either, orders: readonly Order[], series: string): Promise<void> {
  for (const [index, order] of orders.entries()) {
    await to.execute(commandOf(order, index), { id: `${series}-${index}` })
    if (order.kind !== 'transfer') continue
    while ((await to.state(`transfer-t${index}`)).state === 'requested')
      await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export async function each<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** An event that can be amended, by the key of its command in the model. */
interface Known {
  readonly event: RecordedEvent
  readonly key: string
}

export async function knownEvents(on: Either): Promise<readonly Known[]> {
  const commands = await on.commands({ limit: 500 })
  const known: Known[] = []
  const calls = new Map<string, number>()
  const keys = new Map<string, string>()
  for (const { id, causationId } of commands) {
    const cause = causationId?.replace(/\.1$/, '')
    if (cause === undefined) keys.set(id, id)
    else {
      calls.set(cause, (calls.get(cause) ?? 0) + 1)
      keys.set(id, `${cause}:${calls.get(cause)}`)
    }
  }
  const numbers = new Map<string, number>()
  for (const event of await each(on.events())) {
    const command = event.id.replace(/\.\d+$/, '')
    const key = keys.get(command)
    if (key === undefined || !['Deposited', 'Withdrawn', 'Requested'].includes(event.type)) continue
    numbers.set(command, (numbers.get(command) ?? 0) + 1)
    known.push({ event, key: `${key}/${numbers.get(command)}` })
  }
  return known
}

const anEdit = fc.record({
  of: fc.nat(30),
  kind: fc.constantFrom('omit', 'replace', 'insert', 'restore'),
  amount: fc.integer({ min: 1, max: 80 }),
})
type AnEdit = typeof anEdit extends fc.Arbitrary<infer Value> ? Value : never

export interface Said {
  readonly events: Map<string, Pin>
  readonly inserts: Map<string, number[]>
}

export async function amendAll(
  branch: Branch,
  edits: readonly AnEdit[],
  known: readonly Known[],
  said: Said,
): Promise<void> {
  for (const { of, kind, amount } of edits) {
    const one = known[of % known.length]
    if (one === undefined) return
    const { event, key } = one
    const { id, type } = event
    if (kind === 'omit') {
      await branch.ignore(id, { why })
      said.events.set(key, { edit: 'omit', amount: 0 })
    } else if (kind === 'restore') {
      await branch.restore(id, { why })
      said.events.delete(key)
    } else if (kind === 'insert' && type !== 'Requested' && key.startsWith('past')) {
      await branch.amend([{ insert: Deposited({ amount }), after: id }], { why })
      said.inserts.set(key, [...(said.inserts.get(key) ?? []), amount])
    } else {
      await branch.correct(id, other(event, amount), { why })
      said.events.set(key, { edit: 'replace', amount: type === 'Withdrawn' ? -amount : amount })
    }
  }
}

function other({ type, data }: RecordedEvent, amount: number) {
  if (type === 'Deposited') return Deposited({ amount })
  if (type === 'Withdrawn') return Withdrawn({ amount })
  return Requested({ ...(data as { from: string; to: string }), amount })
}

export async function seen(on: Either, transfers: readonly number[]): Promise<unknown> {
  const options = { waitFor: (await on.lastPosition()) ?? 0, timeLimit: 60_000 }
  const document = async (view: string, key: string) => (await on.view(view).get(key, options))?.doc
  const states: Record<string, unknown> = {}
  for (const number of transfers) {
    const { state } = await on.state(`transfer-t${number}`)
    if (state !== 'none') states[`t${number}`] = state
  }
  return {
    accounts: await Promise.all(accounts.map(async (id) => (await on.state(`account-${id}`)).state)),
    documents: await Promise.all(accounts.map((id) => document('moves', id))),
    all: await document('all', 'all'),
    inline: await document('inline', 'all'),
    transfers: states,
    notes: await Promise.all(accounts.map((id) => document('taken', id))),
  }
}

export function expected(past: readonly Order[], tail: readonly Order[], pins: Said): unknown {
  const model = new BankModel(pins)
  for (const [index, order] of past.entries()) model.send(order, `past-${index}`, `t${index}`)
  for (const [index, order] of tail.entries()) model.send(order, `tail-${index}`, '')
  return model.seen
}

export function changes({ decisions }: ReplayReport) {
  return { changed: decisions?.commands.changed, events: decisions?.events }
}

export const nothing = { changed: 0, events: { omitted: 0, replaced: 0, inserted: 0, restored: 0 } }
export const orders = fc.array(anOrder, { minLength: 1, maxLength: 10 })
export const tails = fc.array(aMove, { maxLength: 4 })
export const edits = fc.array(anEdit, { minLength: 1, maxLength: 4 })

type Move = Exclude<Order, { kind: 'transfer' }>
/** A past, what comes on the branch, what is amended, and both once more. */
export type Drawn = [Order[], Move[], AnEdit[], Move[], AnEdit[]]

/**
 * Amends a past and replays it, twice: each time it is as if everything had been decided from scratch in the order of then.
 * Once more it changes nothing; main is as it was, until it is merged.
 */
export const replays = (makeStore: MakeStore) =>
  fc.asyncProperty(orders, tails, edits, tails, edits, async (past, one, first, two, second) =>
    inNewBank(makeStore, async (headwater) => {
      const transfers = past.flatMap(({ kind }, index) => (kind === 'transfer' ? [index] : []))
      await sendAll(headwater, past, 'past')
      const main = await seen(headwater, transfers)
      const { position } = await headwater.head()
      await headwater.branches.create('other')
      const branch = headwater.branch('other')
      await sendAll(branch, one, 'tail')
      const known = await knownEvents(branch)
      const said: Said = { events: new Map(), inserts: new Map() }
      await amendAll(branch, first, known, said)
      await branch.replay({ mode: 'decisions' })
      expect(await seen(branch, transfers)).toEqual(expected(past, one, said))

      for (const [index, order] of two.entries())
        await branch.execute(commandOf(order, index), { id: `tail-${one.length + index}` })
      await amendAll(branch, second, known, said)
      await branch.replay({ mode: 'decisions' })
      const after = await seen(branch, transfers)
      expect(after).toEqual(expected(past, [...one, ...two], said))

      const end = await branch.head()
      expect(changes(await branch.replay({ mode: 'decisions' }))).toEqual(nothing)
      expect(await branch.head()).toEqual(end)
      expect((await headwater.head()).position).toBe(position)
      expect(await seen(headwater, transfers)).toEqual(main)

      // Of the branch's own commands, somebody may have omitted a part: that can't be merged, whoever decides.
      const { conflicts } = await branch.plan()
      expect(conflicts.filter(({ kind }) => kind !== 'cut')).toEqual([])
      if (conflicts.length > 0) return
      await branch.merge({ why })
      expect(await seen(headwater, transfers)).toEqual(after)
    }),
  )
