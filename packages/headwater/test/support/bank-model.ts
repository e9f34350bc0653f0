import type { Order } from './bank.ts'

/** What somebody said about the past: of an event that its command made, by the command's key and the event's number. */
export interface Pin {
  readonly edit: 'omit' | 'replace'
  /** Of what stands there instead. */
  readonly amount: number
}
export interface Pins {
  /** By `<key>/<number of the event in its stream>`. */
  readonly events: ReadonlyMap<string, Pin>
  /** Deposits that were inserted behind an event. */
  readonly inserts: ReadonlyMap<string, readonly number[]>
}

type Move = readonly [account: string, amount: number]

/** Decides everything from scratch, in the order in which it was sent, with what was said about single events. */
export class BankModel {
  readonly #pins: Pins
  readonly #moves = new Map<string, number[]>()
  readonly #all: number[] = []
  readonly #transfers = new Map<string, string>()
  readonly #notes = new Map<string, number[]>()

  constructor(pins: Pins) {
    this.#pins = pins
  }

  /** @param key of the command; those that react to it have keys of theirs */
  send(order: Order, key: string, transferId: string): void {
    if (order.kind === 'deposit') this.#deposit(order.accountId, order.amount, key)
    else if (order.kind === 'withdraw') this.#withdraw(order.accountId, order.amount, key)
    else this.#request(order, key, transferId)
  }

  get seen(): unknown {
    const sum = (moves: readonly number[]): number => moves.reduce((all, one) => all + one, 0)
    const documentOf = (moves: readonly number[]): unknown =>
      moves.length === 0 ? undefined : { sum: sum(moves), moves }
    return {
      accounts: ['a', 'b', 'c'].map((id) => this.#of(id)).map((moves) => ({ balance: sum(moves), moves })),
      documents: ['a', 'b', 'c'].map((id) => documentOf(this.#of(id))),
      all: documentOf(this.#all),
      inline: documentOf(this.#all),
      transfers: Object.fromEntries(this.#transfers),
      notes: ['a', 'b', 'c'].map((id) => this.#notes.get(id)),
    }
  }

  #deposit(id: string, amount: number, key: string): 'accepted' | 'too-much' {
    const balance = this.#balance(id)
    const isTooMuch = balance + amount > 100
    const parts = isTooMuch ? [] : balance > 50 && amount > 1 ? [1, amount - 1] : [amount]
    this.#record(
      parts.map((part) => [id, part]),
      key,
      id,
    )
    return isTooMuch ? 'too-much' : 'accepted'
  }

  #withdraw(id: string, amount: number, key: string): 'accepted' | 'too-poor' {
    const isTooPoor = this.#balance(id) < amount
    if (!isTooPoor && amount > 30) this.#notes.set(id, [...(this.#notes.get(id) ?? []), amount])
    this.#record(isTooPoor ? [] : [[id, -amount]], key, id)
    return isTooPoor ? 'too-poor' : 'accepted'
  }

  #record(moves: readonly Move[], key: string, id: string): void {
    const { events, inserts } = this.#pins
    // What was pinned stands, whatever is decided.
    for (let number = 1; number <= 2; number += 1) {
      const pin = events.get(`${key}/${number}`)
      const [account, amount] = moves[number - 1] ?? [id, 0]
      if (pin?.edit === 'replace') this.#move(account, pin.amount)
      else if (pin === undefined && amount !== 0) this.#move(account, amount)
      for (const inserted of inserts.get(`${key}/${number}`) ?? []) this.#move(id, inserted)
    }
  }

  #request(order: Extract<Order, { kind: 'transfer' }>, key: string, transferId: string): void {
    const { accountId: from, to } = order
    const pin = this.#pins.events.get(`${key}/1`)
    const state =
      pin?.edit === 'omit' ? undefined : this.#carryOut(from, to, pin?.amount ?? order.amount, key)
    if (state !== undefined) this.#transfers.set(transferId, state.is)
    // What was pinned stands, though nobody sends it any more.
    const unsent = [from, to, from].map((id, index) => [id, index + 1] as const).slice(state?.sent ?? 0)
    for (const [id, number] of unsent) this.#record([], `${key}:${number}`, id)
  }

  #carryOut(from: string, to: string, amount: number, key: string): { is: string; sent: number } {
    if (this.#withdraw(from, amount, `${key}:1`) !== 'accepted') return { is: 'failed: too-poor', sent: 1 }
    if (this.#deposit(to, amount, `${key}:2`) === 'accepted') return { is: 'completed', sent: 2 }
    this.#deposit(from, amount, `${key}:3`)
    return { is: 'failed: too-much', sent: 3 }
  }

  #move(account: string, amount: number): void {
    this.#moves.set(account, [...this.#of(account), amount])
    this.#all.push(amount)
  }

  #of(account: string): readonly number[] {
    return this.#moves.get(account) ?? []
  }

  #balance(account: string): number {
    return this.#of(account).reduce((sum, amount) => sum + amount, 0)
  }
}
