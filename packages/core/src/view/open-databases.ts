import type { ViewDatabase, ViewStore } from '../log/view-store.ts'

/** The databases of views, each opened once, whatever number of views it holds. */
export class OpenDatabases {
  readonly #open = new Map<ViewDatabase, ViewStore>()

  open(database: ViewDatabase): ViewStore {
    let store = this.#open.get(database)
    if (store === undefined) this.#open.set(database, (store = database.open()))
    return store
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(open.map((store) => store.close()))
  }
}
