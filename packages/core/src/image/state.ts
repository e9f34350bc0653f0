import type { RuleLookup } from '../decide/rule-book.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { MemoryImage } from './image.ts'
import { type Changes, ImageTable } from './table.ts'

/** Changes of one table of one tenant. */
export interface TableChanges {
  readonly tenant: string
  readonly table: string
  readonly changes: Changes
}

/** The tables of an image, each tenant's its own, and where in the log they stand. */
export class ImageState {
  readonly #image: MemoryImage
  readonly #rules: RuleLookup
  readonly #tenants = new Map<string, Readonly<Record<string, ImageTable>>>()
  /** Everything up to here is in the tables, and nothing beyond. */
  position = 0
  #isWatched = false

  constructor(image: MemoryImage, rules: RuleLookup) {
    this.#image = image
    this.#rules = rules
  }

  get entries(): number {
    let sum = 0
    for (const { table } of this.#all()) sum += table.size
    return sum
  }

  of(tenant: string): Readonly<Record<string, ImageTable>> {
    let tables = this.#tenants.get(tenant)
    if (tables === undefined) {
      tables = Object.fromEntries(Object.keys(this.#image.tables).map((name) => [name, new ImageTable()]))
      if (this.#isWatched) for (const table of Object.values(tables)) table.takeChanges()
      this.#tenants.set(tenant, tables)
    }
    return tables
  }

  /** Folds an event whole or, where that throws, not at all. */
  fold(event: RecordedEvent): void {
    const tables = this.of(event.tenant)
    try {
      this.#image.fold(tables, event, this.#rules)
      for (const name in tables) tables[name]?.keep()
    } catch (error) {
      for (const table of Object.values(tables)) table.takeBack()
      throw error
    }
  }

  clear(): void {
    for (const { table } of this.#all()) table.clear()
    this.#isWatched = false
    this.position = 0
  }

  /** What has changed since the last call; the first one begins to watch. */
  takeChanges(): readonly TableChanges[] {
    this.#isWatched = true
    return [...this.#all()].map(({ tenant, name, table }) => ({
      tenant,
      table: name,
      changes: table.takeChanges(),
    }))
  }

  /** All entries, while they may change: what changes meanwhile has to be laid over them. */
  *parts(): Generator<{ tenant: string; table: string; entries: Iterable<[string, unknown]> }> {
    for (const { tenant, name, table } of this.#all()) yield { tenant, table: name, entries: table }
  }

  *#all(): Generator<{ tenant: string; name: string; table: ImageTable }> {
    for (const [tenant, tables] of this.#tenants)
      for (const [name, table] of Object.entries(tables)) yield { tenant, name, table }
  }
}
