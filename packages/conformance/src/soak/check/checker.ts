import type { CommandRow } from '@headwater/core'
import type { Entry } from '../entries.ts'
import type { Findings } from './finding.ts'
import type { Logged } from './logged.ts'

/** Looks at a history as it goes by: at the log first, then at what was written down, in the order of time. */
export interface SequentialChecker {
  event?(event: Logged): void
  entry?(entry: Entry): void
  /** All was seen. */
  end?(): void
}

/** Looks at what concerns one thing after the other: a command, a stream, a document. */
export interface KeyedChecker<Item> {
  readonly name: string
  event?(event: Logged, add: Add<Item>): void
  command?(row: CommandRow, add: Add<Item>): void
  entry?(entry: Entry, add: Add<Item>): void
  /** @param items what of the log concerns the key, in its order, then what was written down, in the order of time */
  check(key: string, items: readonly Item[], findings: Findings): void
}

export type Add<Item> = (key: string, item: Item) => void

/** The key of something that a tenant has. */
export function keyOf(tenant: string, ...names: readonly string[]): string {
  return [tenant, ...names].join('/')
}
