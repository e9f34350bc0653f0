import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { memoryStore, type AppendRequest, type ProgressCommit, type Store } from '@headwater/core'
import type { StoreModule } from '../../src/subject.ts'
import { spoilt } from './replaced.ts'

/** How a store can betray those who rely on it when its process is killed. */
export type JournalFault =
  | 'none'
  | 'acknowledges-early'
  | 'recovers-twice'
  | 'checkpoint-first'
  | 'documents-first'

type Call =
  | { readonly kind: 'append'; readonly requests: readonly AppendRequest[] }
  | { readonly kind: 'commit'; readonly commit: ProgressCommit }
  | { readonly kind: 'define'; readonly collection: string; readonly isSearchable: boolean }
  | { readonly kind: 'acquire'; readonly name: string; readonly owner: string; readonly duration: number }

interface Line {
  readonly at: number
  readonly call: Call
}

/**
 * The reference with a journal of its calls that is played again when it is opened: the simplest store that survives its
 * process. It serves one process at a time.
 */
class Journal {
  readonly #file: string
  readonly #fault: JournalFault
  #clock = 0
  readonly #memory = memoryStore({ now: () => this.#clock })
  #turn: Promise<unknown> = Promise.resolve()

  constructor(file: string, fault: JournalFault) {
    this.#file = file
    this.#fault = fault
  }

  async open(): Promise<Store> {
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').trim().split('\n') : []
    for (const text of lines) await this.#play(JSON.parse(text) as Line)
    if (this.#fault === 'recovers-twice') await this.#memory.log.append(lastRequests(lines).map(eventsAlone))
    this.#clock = Date.now()
    return this.#store()
  }

  #store(): Store {
    const { log, progress, documents, leases } = this.#memory
    const logged = spoilt(this.#memory, 'log', {
      append: (requests) => this.#inTurn({ kind: 'append', requests }, () => log.append(requests)),
    })
    const committed = spoilt(logged, 'progress', {
      commit: (commit) => this.#inTurn({ kind: 'commit', commit }, () => progress.commit(commit)),
    })
    const defined = spoilt(committed, 'documents', {
      define: (collection, indexes, isSearchable = false) =>
        this.#inTurn({ kind: 'define', collection, isSearchable }, () =>
          documents.define(collection, indexes, isSearchable),
        ),
    })
    return spoilt(defined, 'leases', {
      acquire: (name, owner, duration) =>
        this.#inTurn({ kind: 'acquire', name, owner, duration }, () => leases.acquire(name, owner, duration)),
    })
  }

  /** One call after the other: what is played again has to be what was done. */
  #inTurn<Result>(call: Call, perform: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(async () => {
      this.#clock = Date.now()
      await this.#write(call)
      return perform()
    })
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  async #write(call: Call): Promise<void> {
    if (this.#fault === 'acknowledges-early') void pause(20).then(() => this.#add(call))
    else if (call.kind === 'commit' && this.#fault === 'checkpoint-first')
      await this.#addInParts(checkpointOf(call.commit), documentsOf(call.commit))
    else if (call.kind === 'commit' && this.#fault === 'documents-first')
      await this.#addInParts(documentsOf(call.commit), checkpointOf(call.commit))
    else this.#add(call)
  }

  async #addInParts(first: ProgressCommit, second: ProgressCommit): Promise<void> {
    this.#add({ kind: 'commit', commit: first })
    await pause(5)
    this.#add({ kind: 'commit', commit: second })
  }

  #add(call: Call): void {
    const line: Line = { at: this.#clock, call }
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  async #play({ at, call }: Line): Promise<void> {
    this.#clock = at
    const { log, progress, documents, leases } = this.#memory
    switch (call.kind) {
      case 'append':
        await log.append(call.requests)
        return
      case 'commit':
        await Promise.allSettled([progress.commit(call.commit)])
        return
      case 'define':
        await documents.define(call.collection, [], call.isSearchable)
        return
      case 'acquire':
        await leases.acquire(call.name, call.owner, call.duration)
    }
  }
}

function lastRequests(lines: readonly string[]): readonly AppendRequest[] {
  const calls = lines.map((text) => (JSON.parse(text) as Line).call)
  return calls.findLast((call) => call.kind === 'append')?.requests ?? []
}

const eventsAlone = (request: AppendRequest): AppendRequest => ({ ...request, command: null, documents: [] })
const checkpointOf = (commit: ProgressCommit): ProgressCommit => ({ ...commit, documents: [] })
const documentsOf = (commit: ProgressCommit): ProgressCommit => {
  const { position } = commit.checkpoint ?? { position: 0 }
  return {
    ...commit,
    checkpoint: undefined,
    documents: commit.documents.map((write) => ({ ...write, position })),
  }
}

export const openStore: StoreModule['openStore'] = (database, folder = '.', fault = 'none') =>
  new Journal(join(folder, `${database}.journal`), fault as JournalFault).open()

export const lockWrites: StoreModule['lockWrites'] = () => {
  throw new Error('A journal has no lock')
}
