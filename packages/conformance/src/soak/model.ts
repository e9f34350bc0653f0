import type { EventQuery } from '@headwater/core'
import type { SumDocument } from './entries.ts'

/** What of the app under soak both sides know: those who run it, and those who check what came of it. */

export const tenants = ['', 'other'] as const

/** How the commands of an aggregate are decided under contention. */
export const accountKinds = { account: 'optimistic', purse: 'queue', vault: 'lock' } as const
export type AccountKind = keyof typeof accountKinds
export const kindsOfAccounts = Object.keys(accountKinds) as [AccountKind, ...AccountKind[]]

export const noted = 'Noted'
export const booked = 'Booked'
export const declared = 'Declared'
export const rewarded = 'Rewarded'
/** The boundary that has no tags. */
export const declarations = 'declarations'

export function depositedIn(kind: AccountKind): string {
  return `${kind}.Deposited`
}
export function withdrawnFrom(kind: AccountKind): string {
  return `${kind}.Withdrawn`
}

export function depositIn(kind: AccountKind): string {
  return `${kind}.Deposit`
}
export function withdrawFrom(kind: AccountKind): string {
  return `${kind}.Withdraw`
}

export const accountTypes = kindsOfAccounts.flatMap((kind) => [depositedIn(kind), withdrawnFrom(kind)])

/** All event types, in an order that stays. */
export const eventTypes = [...accountTypes, noted, booked, declared, rewarded]

/** An event as far as views and folds go by it. */
export interface Fact {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly aggregateId: string
  readonly occurredAt: Date
  readonly data: unknown
}

/** Milliseconds after which others are used of what there is one, so that none of them grows for as long as a soak takes. */
const eraLasts = 60_000

/** @param time epoch milliseconds */
export function eraOf(time: number): number {
  return Math.floor(time / eraLasts)
}

export interface AccountData {
  readonly amount: number
  /** What the decision made of the balance that it saw. */
  readonly balance: number
}

export interface BookedData {
  readonly show: string
  readonly seat: string
}

/** What an event of an account adds to its balance. */
export function addedBy({ type, data }: Pick<Fact, 'type' | 'data'>): number {
  const { amount } = data as AccountData
  return type.endsWith('.Withdrawn') ? -amount : amount
}

export function tagsOfBooking({ show, seat }: BookedData): readonly string[] {
  return [`show:${show}`, `seat:${show}/${seat}`]
}

/** Whether an event of a boundary is one that a query is about. */
export function matches({ items }: EventQuery, type: string, tags: readonly string[]): boolean {
  return items.some(
    (item) =>
      (item.types === undefined || item.types.includes(type)) &&
      (item.tags ?? []).every((tag) => tags.includes(tag)),
  )
}

interface ViewModel {
  readonly types: readonly string[]
  readonly keyOf: (fact: Fact) => string
}

/** The views, and by which key each event goes into them. */
export const views: Readonly<Record<'totals' | 'everything' | 'balances', ViewModel>> = {
  /** A key over several streams, in partitions. */
  totals: { types: accountTypes, keyOf: ({ aggregateId }) => aggregateId },
  /** One key for all of an era, so that their order counts, whatever their streams are. */
  everything: { types: eventTypes, keyOf: ({ occurredAt }) => String(eraOf(occurredAt.getTime())) },
  /** In the append's own transaction. */
  balances: { types: accountTypes, keyOf: ({ stream }) => stream },
}
export type ViewName = keyof typeof views
export const viewNames = Object.keys(views) as [ViewName, ...ViewName[]]

export const nothingSummed: SumDocument = { count: 0, sum: 0, chain: 0 }

/** Adds an event to a document. The chain differs if one is missing, comes twice, or comes in another order. */
export function summed(document: SumDocument, fact: Pick<Fact, 'id' | 'type' | 'data'>): SumDocument {
  const added = accountTypes.includes(fact.type) ? addedBy(fact) : 1
  return { count: document.count + 1, sum: document.sum + added, chain: chained(document.chain, fact.id) }
}

function chained(chain: number, text: string): number {
  let hash = chain ^ 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** The subscriptions whose handling is written down, and what each keeps in order. */
export const handled: Readonly<Record<'notes' | 'rewards', { readonly types: readonly string[] }>> = {
  notes: { types: [noted, ...kindsOfAccounts.map(depositedIn)] },
  rewards: { types: kindsOfAccounts.map(withdrawnFrom) },
}
export type HandledName = keyof typeof handled
export const handledNames = Object.keys(handled) as [HandledName, ...HandledName[]]
