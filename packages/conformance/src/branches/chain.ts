import assert from 'node:assert/strict'
import type { AppendRequest, AppendResult, Store } from '@headwater/core'
import type { Law } from '../law.ts'
import { aBranch, aRequest, freshId } from '../make.ts'
import { replaced } from '../replaced.ts'

/** After so many appends a branch begins: often at first, so that a short history has many parts. */
const cuts = new Set([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144])

/**
 * A store whose main is a branch of a branch of a branch: where it is cut, the next branch begins, and the one before goes on
 * with other events of the same streams, types and tags. Whoever uses it must see nothing of all that.
 */
class Chain {
  readonly #store: Store
  #leaf = 0
  #appends = 0
  /** Appends and cuts go one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  /** Reads that have not been answered yet. */
  readonly #reads = new Set<Promise<unknown>>()

  constructor(store: Store) {
    this.#store = store
  }

  async begin(): Promise<Store> {
    const { log, commands, branches } = this.#store
    assert.ok(branches)
    await this.#cut([])
    const on = <Query extends { readonly branch: number }, Result>(
      query: Query,
      read: (query: Query) => Promise<Result>,
    ): Promise<Result> => this.#reading(query.branch, (branch) => read({ ...query, branch }))
    return {
      ...this.#store,
      log: replaced(log, {
        append: (requests) => this.#inTurn(() => this.#append(requests)),
        appendTogether: (requests) =>
          this.#inTurn(() => this.#store.log.appendTogether(requests.map((request) => this.#own(request)))),
        read: (query) => on(query, (one) => log.read(one)),
        readStream: (query) => on(query, (one) => log.readStream(one)),
        readAt: (query) => on(query, (one) => log.readAt(one)),
        listStreams: (query) => on(query, (one) => log.listStreams(one)),
        listTenants: (query) => on(query, (one) => log.listTenants(one)),
        head: (branch) => this.#reading(branch, (id) => log.head(id)),
        positionAt: (branch, time) => this.#reading(branch, (id) => log.positionAt(id, time)),
      }),
      commands: replaced(commands, {
        find: (branch, tenant, id) => this.#reading(branch, (own) => commands.find(own, tenant, id)),
        read: (query) => on(query, (one) => commands.read(one)),
        trace: (query) => on(query, (one) => commands.trace(one)),
      }),
    }
  }

  #own(request: AppendRequest): AppendRequest {
    return { ...request, branch: this.#idOf(request.branch) }
  }

  #idOf(branch: number): number {
    return branch === 0 ? this.#leaf : branch
  }

  async #append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results = await this.#store.log.append(requests.map((request) => this.#own(request)))
    this.#appends += 1
    if (cuts.has(this.#appends)) await this.#cut(requests)
    return results
  }

  async #cut(requests: readonly AppendRequest[]): Promise<void> {
    const parent = this.#leaf
    const created = await this.#store.branches?.create(aBranch(freshId('cut'), { parent }))
    assert.ok(created?.status === 'created')
    this.#leaf = created.branch.id
    // Whoever began to read on the leaf of before must not see what happens on it from now on.
    await Promise.allSettled(this.#reads)
    await this.#store.log.append(
      requests.filter(({ branch }) => branch === 0).map((one) => noise(one, parent)),
    )
  }

  #reading<Result>(branch: number, read: (branch: number) => Promise<Result>): Promise<Result> {
    const reading = read(this.#idOf(branch))
    this.#reads.add(reading)
    const done = (): boolean => this.#reads.delete(reading)
    reading.then(done, done)
    return reading
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work)
    // Whoever comes next waits for the turn, whatever becomes of it.
    this.#last = Promise.allSettled([turn])
    return turn
  }
}

/** What happens on a parent after a branch has begun: the like of what was recorded before. */
function noise({ tenant, streams, command }: AppendRequest, branch: number): AppendRequest {
  const other = { stream: 'noise-1', expected: 'any', events: streams[0]?.events ?? [] } as const
  return aRequest([...streams.map((part) => ({ ...part, expected: 'any' }) as const), other], {
    tenant,
    branch,
    command,
  })
}

/** The same laws, of a log that is a branch of branches. */
export function onBranches(laws: readonly Law[]): readonly Law[] {
  return laws.map(({ sentence, needs, check }) => ({
    sentence: `on a branch of branches, ${sentence}`,
    needs: [...needs, 'branches'],
    check: (trial) => check(trial.over((store) => new Chain(store).begin())),
  }))
}
