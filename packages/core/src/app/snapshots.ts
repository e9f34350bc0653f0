import type { Aggregate } from '../decide/aggregate.ts'
import { HeadwaterError } from '../message/errors.ts'
import { aggregateNameOf } from '../message/stream.ts'
import { noTenant, tenantNamed } from '../message/tenant.ts'
import { mainBranch } from '../log/port.ts'
import type { SnapshotRow, SnapshotSummary } from '../log/snapshots.ts'
import type { Store } from '../log/store.ts'
import type { SnapshotRounds } from '../handle/snapshot-rounds.ts'
import type { SnapshotCounts, SnapshotKeeper } from '../handle/snapshots.ts'
import type { StreamStates } from '../handle/states.ts'
import type { Registry } from './registry.ts'

/** Which snapshots are meant. */
export interface SnapshotSelection {
  /** Those of this aggregate's streams; by its name. */
  readonly aggregate?: Aggregate | string
  /** That of this stream alone. */
  readonly stream?: string
  /** Default: the one without a name. */
  readonly tenant?: string
  /** Those of all tenants. */
  readonly allTenants?: boolean
}

export interface SnapshotInfo {
  readonly tenant: string
  readonly stream: string
  readonly revision: number
  readonly takenAt: Date
  /** Of the stored state; characters or bytes. */
  readonly size: number
  /** Made by the code and the rules that run now: others are ignored. */
  readonly isCurrent: boolean
}

/** How the snapshots of an aggregate are doing in this process. */
export interface AggregateSnapshots extends SnapshotCounts {
  readonly aggregate: string
  readonly every: number | null
  readonly at: string | null
  /** Why none are taken; null: they are. */
  readonly error: { readonly code: string; readonly message: string } | null
}

/** A snapshot that was held against the fold of its stream's events. */
export interface SnapshotFinding extends SnapshotInfo {
  /** In words, what is not as it should be; null: it is right, or not current and therefore ignored. */
  readonly difference: string | null
}

/** What is done with the snapshots of streams beside taking and using them. */
export interface SnapshotsHandle {
  summaries(): readonly AggregateSnapshots[]
  /** In the order of tenants and streams. */
  list(selection?: SnapshotSelection): AsyncIterable<SnapshotInfo>
  /**
   * Takes that of a stream now; without one, those of all streams, of whichever tenant, that have moved since the last
   * round. Gives how many; undefined: another process is making a round.
   *
   * @throws HeadwaterError `snapshot.none-kept`, `aggregate.unknown`
   */
  take(selection?: Omit<SnapshotSelection, 'allTenants'>): Promise<number | undefined>
  /** Folds streams from their first events and compares. */
  verify(selection?: SnapshotSelection): AsyncIterable<SnapshotFinding>
  /** Gives how many there were. */
  drop(selection?: SnapshotSelection): Promise<number>
}

export interface SnapshotAdminParts {
  readonly store: Store
  readonly registry: Registry
  readonly states: StreamStates
  readonly keeper: SnapshotKeeper
  readonly rounds: SnapshotRounds
}

const pageSize = 200

export class SnapshotAdmin implements SnapshotsHandle {
  readonly #parts: SnapshotAdminParts

  constructor(parts: SnapshotAdminParts) {
    this.#parts = parts
  }

  summaries(): readonly AggregateSnapshots[] {
    const { keeper } = this.#parts
    return this.#kept().map((aggregate) => {
      const off = keeper.reasonOff(aggregate)
      return {
        aggregate: aggregate.name,
        every: aggregate.snapshots?.every ?? null,
        at: aggregate.snapshots?.at ?? null,
        ...keeper.countsOf(aggregate),
        error: off === undefined ? null : { code: off.code, message: off.message },
      }
    })
  }

  async *list(selection: SnapshotSelection = {}): AsyncGenerator<SnapshotInfo> {
    for await (const row of this.#rows(selection)) yield this.#info(row)
  }

  async take({ aggregate, stream, tenant }: SnapshotSelection = {}): Promise<number | undefined> {
    const { states, keeper, rounds } = this.#parts
    if (stream !== undefined) {
      const owner = this.#requireKept(aggregateNameOf(stream))
      const named = tenantNamed(tenant)
      const state = await states.refresh(owner, named, stream)
      return keeper.take(owner, [{ tenant: named, stream, ...state }])
    }
    const chosen = aggregate === undefined ? this.#kept() : [this.#requireKept(nameOf(aggregate))]
    const taken = await Promise.all(chosen.map((one) => rounds.round(one)))
    return taken.includes(undefined) ? undefined : taken.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  }

  async *verify(selection: SnapshotSelection = {}): AsyncGenerator<SnapshotFinding> {
    for await (const row of this.#rows(selection)) {
      const info = this.#info(row)
      yield { ...info, difference: info.isCurrent ? await this.#difference(row) : null }
    }
  }

  async drop(selection: SnapshotSelection = {}): Promise<number> {
    const { stream } = selection
    return this.#parts.store.snapshots.drop({
      branch: mainBranch,
      tenant: tenantOf(selection),
      ...(stream === undefined ? { prefix: prefixOf(selection) } : { stream }),
    })
  }

  async *#rows(selection: SnapshotSelection): AsyncGenerator<SnapshotSummary> {
    const { snapshots } = this.#parts.store
    const { stream } = selection
    let after: SnapshotSummary | undefined
    for (;;) {
      const page = await snapshots.list({
        branch: mainBranch,
        tenant: tenantOf(selection),
        prefix: stream ?? prefixOf(selection),
        after,
        limit: pageSize,
      })
      for (const row of page) if (stream === undefined || row.stream === stream) yield row
      after = page.at(-1)
      if (after === undefined || page.length < pageSize) return
    }
  }

  async #difference({ tenant, stream, revision }: SnapshotSummary): Promise<string | null> {
    const { store, states, keeper } = this.#parts
    const aggregate = this.#requireKept(aggregateNameOf(stream))
    const row: SnapshotRow | undefined = await store.snapshots.find(mainBranch, tenant, stream)
    // Replaced meanwhile: the next look at it will tell.
    if (row?.revision !== revision) return null
    const folded = await states.fromScratch(aggregate, tenant, stream, revision)
    if (folded.revision !== revision) return `the stream ends at revision ${folded.revision}`
    return keeper.differenceFrom(aggregate, row, folded.state) ?? null
  }

  #info({ tenant, stream, revision, takenAt, size, hash }: SnapshotSummary): SnapshotInfo {
    const plan = this.#parts.registry.aggregates.get(aggregateNameOf(stream))?.snapshots
    const isCurrent = plan !== undefined && this.#parts.keeper.hashOf(plan) === hash
    return { tenant, stream, revision, takenAt: new Date(takenAt), size, isCurrent }
  }

  /** Ends rounds, and writes what waits. */
  async stop(): Promise<void> {
    await this.#parts.rounds.stop()
    await this.#parts.keeper.close()
  }

  #kept(): readonly Aggregate[] {
    return [...this.#parts.registry.aggregates.values()].filter(({ snapshots }) => snapshots !== undefined)
  }

  #requireKept(name: string): Aggregate {
    const aggregate = this.#parts.registry.aggregates.get(name)
    const details = { aggregate: name }
    if (aggregate === undefined)
      throw new HeadwaterError('aggregate.unknown', `This app has no aggregate named ${name}`, { details })
    if (aggregate.snapshots === undefined)
      throw new HeadwaterError('snapshot.none-kept', `Aggregate ${name} keeps no snapshots`, { details })
    return aggregate
  }
}

function nameOf(aggregate: Aggregate | string): string {
  return typeof aggregate === 'string' ? aggregate : aggregate.name
}

function prefixOf({ aggregate }: SnapshotSelection): string {
  return aggregate === undefined ? '' : `${nameOf(aggregate)}-`
}

function tenantOf({ tenant, allTenants = false }: SnapshotSelection): string | undefined {
  return allTenants ? undefined : tenantNamed(tenant ?? noTenant)
}
