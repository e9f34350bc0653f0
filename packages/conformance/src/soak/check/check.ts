import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandRow, type EventRow, type Store } from '@headwater/core'
import { entriesOf, merged } from '../journal.ts'
import { bookingChecker } from './bookings.ts'
import type { KeyedChecker, SequentialChecker } from './checker.ts'
import { documentChecker } from './documents.ts'
import { causeChecker, effectChecker } from './effects.ts'
import { type Finding, Findings, type FindingKind } from './finding.ts'
import { Index } from './index-file.ts'
import { LeaseChecker } from './leases.ts'
import { logged } from './logged.ts'
import { OrderChecker } from './order.ts'
import { ReaderChecker } from './readers.ts'
import { requestChecker } from './requests.ts'
import { Spread } from './spread.ts'
import { streamChecker } from './streams.ts'
import { TroubleChecker } from './troubles.ts'

/** What came of a soak: what the store has in the end, and what its processes wrote down. */
export interface History {
  /** The log, in its order. */
  events(): AsyncIterable<EventRow>
  /** The command log, in its order. */
  commands(): AsyncIterable<CommandRow>
  /** Journals: those of each place, one after the other. */
  readonly journals: readonly (readonly string[])[]
}

export interface Checked {
  readonly events: number
  readonly commands: number
  readonly entries: number
  readonly findings: readonly Finding[]
  /** Of each kind how many there are; not all of them are told. */
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>
}

/** Bytes of journals whose things are looked at together. */
const defaultBucketSize = 16 * 1_024 * 1_024
const mostBuckets = 256
/** Things that are looked at until others get their turn. */
const stride = 2_000

/**
 * Checks a history. Memory holds a part of it at a time: what concerns one thing is gathered on disk first.
 *
 * @param folder for what is gathered; it is made, and removed in the end
 * @param bucketSize bytes of journals whose things are looked at together; default 16 MiB
 */
export async function check(
  history: History,
  folder: string,
  bucketSize = defaultBucketSize,
): Promise<Checked> {
  mkdirSync(folder, { recursive: true })
  const findings = new Findings()
  const index = new Index(join(folder, 'index'))
  try {
    return await new Check(history, folder, findings, index, bucketSize).run()
  } finally {
    index.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The history that a store holds. */
export function storedHistory(store: Store, journals: History['journals']): History {
  return {
    journals,
    async *events() {
      let after = 0
      for (;;) {
        const page = await store.log.read({ branch: 0, tenant: undefined, after, limit: 1_000 })
        yield* page.events
        if (page.scannedTo >= page.head || page.scannedTo <= after) return
        after = page.scannedTo
      }
    },
    async *commands() {
      let after = 0
      for (;;) {
        const rows = await store.commands.read({ branch: 0, tenant: undefined, after, limit: 1_000 })
        yield* rows
        const last = rows.at(-1)
        if (last === undefined) return
        after = last.sequence
      }
    },
  }
}

/** A keyed checker with what it gathers. */
class Gathering<Item> {
  readonly #checker: KeyedChecker<Item>
  readonly #spread: Spread<Item>
  readonly #add: (key: string, item: Item) => void

  constructor(checker: KeyedChecker<Item>, folder: string, buckets: number) {
    this.#checker = checker
    this.#spread = new Spread(folder, checker.name, buckets)
    this.#add = (key, item) => this.#spread.add(key, item)
  }

  event: SequentialChecker['event'] = (event) => this.#checker.event?.(event, this.#add)
  entry: SequentialChecker['entry'] = (entry) => this.#checker.entry?.(entry, this.#add)
  command = (row: CommandRow): void => this.#checker.command?.(row, this.#add)

  async check(findings: Findings): Promise<void> {
    for (const bucket of this.#spread.buckets()) {
      for (const [key, items] of bucket) this.#checker.check(key, items, findings)
      await turn()
    }
  }
}

class Check {
  readonly #history: History
  readonly #findings: Findings
  readonly #sequential: readonly SequentialChecker[]
  readonly #gathering: readonly Pick<Gathering<never>, 'event' | 'entry' | 'command' | 'check'>[]

  constructor(history: History, folder: string, findings: Findings, index: Index, bucketSize: number) {
    this.#history = history
    this.#findings = findings
    const bytes = history.journals.flat().reduce((sum, path) => sum + statSync(path).size, 0)
    const buckets = Math.min(mostBuckets, 1 + Math.floor(bytes / bucketSize))
    const gather = <Item>(checker: KeyedChecker<Item>) => new Gathering(checker, folder, buckets)
    this.#sequential = [
      new OrderChecker(findings),
      new ReaderChecker(findings, index),
      new LeaseChecker(findings),
      new TroubleChecker(findings),
    ]
    this.#gathering = [
      gather(requestChecker),
      gather(streamChecker),
      gather(bookingChecker),
      gather(documentChecker),
      gather(effectChecker),
      gather(causeChecker),
    ]
  }

  async run(): Promise<Checked> {
    const all = [...this.#sequential, ...this.#gathering]
    let [events, commands, entries] = [0, 0, 0]
    for await (const row of this.#history.events()) {
      const event = logged(row)
      for (const checker of all) checker.event?.(event)
      events += 1
    }
    for await (const row of this.#history.commands()) {
      for (const checker of this.#gathering) checker.command(row)
      commands += 1
    }
    for (const entry of merged(this.#history.journals.map(entriesOf))) {
      for (const checker of all) checker.entry?.(entry)
      entries += 1
      if (entries % stride === 0) await turn()
    }
    for (const checker of this.#sequential) checker.end?.()
    for (const checker of this.#gathering) await checker.check(this.#findings)
    const counts = Object.fromEntries(this.#findings.counts)
    return { events, commands, entries, findings: await this.#withLog(), counts }
  }

  /** Shows beside each finding what the log has there. */
  async #withLog(): Promise<readonly Finding[]> {
    const { told } = this.#findings
    const near = new Map<number, string[]>()
    const wanted = new Map<number, number[]>()
    for (const { position } of told) {
      if (position === undefined) continue
      for (let place = position - 3; place <= position + 3; place += 1)
        wanted.set(place, [...(wanted.get(place) ?? []), position])
    }
    if (wanted.size > 0) {
      for await (const row of this.#history.events())
        for (const position of wanted.get(row.position) ?? [])
          near.set(position, [...(near.get(position) ?? []), `log: ${JSON.stringify(row).slice(0, 500)}`])
    }
    return told.map(({ kind, message, history, position }) => {
      return { kind, message, history: [...history, ...(near.get(position ?? 0) ?? [])] }
    })
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
