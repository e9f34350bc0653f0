import type { Amendments, Appended } from '@headwater/core'

interface Entry {
  readonly id: string
  /** The events behind which it was inserted, the nearest one last. */
  readonly behind: readonly string[]
  readonly recorded: string
  /** What counts; undefined: it is omitted. */
  text: string | undefined
}

/** A stream as a list that is edited: what amendments have to come to. */
export class EditedList {
  readonly #entries: Entry[] = []

  get ids(): readonly string[] {
    return this.#entries.map(({ id }) => id)
  }

  get texts(): readonly string[] {
    return this.#entries.flatMap(({ text }) => text ?? [])
  }

  record(text: string, { events }: Pick<Appended, 'events'>): void {
    for (const { id } of events) this.#entries.push({ id, behind: [], recorded: text, text })
  }

  omit(id: string): void {
    this.#find(id).text = undefined
  }

  replace(id: string, text: string): void {
    this.#find(id).text = text
  }

  restore(id: string): void {
    const entry = this.#find(id)
    entry.text = entry.recorded
  }

  /** @param after null: the beginning */
  insert(after: string | null, text: string, { amendments }: Amendments): void {
    const behind = [...(after === null ? [] : this.#find(after).behind), after ?? 'the beginning']
    let place = after === null ? 0 : this.ids.indexOf(after) + 1
    while (this.#entries[place]?.behind.includes(behind.at(-1) ?? '') === true) place += 1
    const [amendment] = amendments
    if (amendment !== undefined)
      this.#entries.splice(place, 0, { id: amendment.id, behind, recorded: text, text })
  }

  #find(id: string): Entry {
    const entry = this.#entries.find((one) => one.id === id)
    if (entry === undefined) throw new Error(`The list has no ${id}`)
    return entry
  }
}
