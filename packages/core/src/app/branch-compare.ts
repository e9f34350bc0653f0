import type { BranchRow } from '../log/branches.ts'
import { mainBranch } from '../log/port.ts'
import type { EventRow } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { branchStore } from '../time/branch-store.ts'
import { Comparison } from '../time/compare/compare.ts'
import type { BranchDifference, CompareOptions } from '../time/compare/difference.ts'
import { HistorySide } from '../time/compare/side.ts'
import type { View } from '../view/view.ts'
import type { BranchDesk, OnBranch } from './branch-desk.ts'
import type { Registry } from './registry.ts'

export interface BranchCompareParts {
  readonly store: Store
  readonly codec: PayloadCodec
  readonly registry: Registry
  readonly decode: (row: EventRow) => RecordedEvent
  /** The app on main. */
  readonly main: () => Pick<OnBranch, 'state' | 'view'>
}

const mostCompared = 10_000

/** @throws HeadwaterError `view.unknown` */
function viewsOf({ views }: Registry, names: readonly string[] | undefined): Iterable<View> {
  if (names === undefined) return views.values()
  return [...new Set(names)].map((name) => {
    const view = views.get(name)
    if (view !== undefined) return view
    throw new HeadwaterError('view.unknown', `There is no view named ${name}`, { details: { view: name } })
  })
}

/** What differs between branches, and between a branch and main. */
export class BranchCompare {
  readonly #parts: BranchCompareParts

  constructor(parts: BranchCompareParts) {
    this.#parts = parts
  }

  async diff(branches: BranchDesk, row: BranchRow, options: CompareOptions = {}): Promise<BranchDifference> {
    const { store, decode, registry } = this.#parts
    const { tenant } = row
    const limit = Math.max(1, Math.min(Math.trunc(options.limit ?? mostCompared), mostCompared))
    const parts = {
      store,
      decode,
      aggregates: registry.aggregates,
      views: viewsOf(registry, options.views),
      tenant,
      limit,
    }
    const other = await this.other(branches, row, options.against)
    return branches.use(row, (on) =>
      this.on(branches, other, async (against) =>
        new Comparison(
          parts,
          await this.side(row, on, tenant),
          await this.side(other, against, tenant),
        ).run(),
      ),
    )
  }

  /** The branch that another is compared with; undefined: main. @throws HeadwaterError `branch.unknown`, `branch.invalid` */
  async other(
    branches: BranchDesk,
    row: BranchRow,
    against: string | undefined,
  ): Promise<BranchRow | undefined> {
    if (against === row.name)
      throw new HeadwaterError('branch.invalid', `${row.name} does not differ from itself`)
    if (against === undefined) return this.#parts.store.branches?.get(row.parent)
    return against === 'main' ? undefined : branches.find(against, row.tenant)
  }

  /** Works on a branch; undefined: on main. */
  on<Result>(
    branches: BranchDesk,
    row: BranchRow | undefined,
    work: (on: Pick<OnBranch, 'state' | 'view'>) => Promise<Result>,
  ): Promise<Result> {
    return row === undefined ? work(this.#parts.main()) : branches.use(row, work)
  }

  async side(
    row: BranchRow | undefined,
    on: Pick<OnBranch, 'state' | 'view'>,
    tenant: string,
  ): Promise<HistorySide> {
    const { codec, decode } = this.#parts
    const store = row === undefined ? this.#parts.store : branchStore(this.#parts.store, row)
    return new HistorySide({
      id: row?.id ?? mainBranch,
      name: row?.name ?? 'main',
      tenant,
      store,
      head: (await store.log.head(mainBranch)).position,
      decode,
      codec,
      state: (stream) => on.state(stream, { tenant }),
      view: (name) => on.view(name),
    })
  }
}
