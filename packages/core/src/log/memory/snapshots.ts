import type {
  SnapshotRow,
  Snapshots,
  SnapshotsQuery,
  SnapshotsToDrop,
  SnapshotSummary,
} from '../snapshots.ts'
import type { Gate } from './gate.ts'
import { compareText } from '../order.ts'

export class MemorySnapshots implements Snapshots {
  readonly #gate: Gate
  readonly #rows = new Map<string, SnapshotRow>()

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async find(branch: number, tenant: string, stream: string): Promise<SnapshotRow | undefined> {
    await this.#gate.pass()
    return this.#rows.get(keyOf(branch, tenant, stream))
  }

  async save(rows: readonly SnapshotRow[]): Promise<void> {
    await this.#gate.pass()
    for (const row of rows) {
      const key = keyOf(row.branch, row.tenant, row.stream)
      const known = this.#rows.get(key)
      const isLater =
        known !== undefined &&
        known.hash === row.hash &&
        known.epoch === row.epoch &&
        known.revision > row.revision
      if (!isLater) this.#rows.set(key, Object.freeze({ ...row }))
    }
  }

  async list({ branch, tenant, prefix, after, limit }: SnapshotsQuery): Promise<SnapshotSummary[]> {
    await this.#gate.pass()
    return [...this.#rows.values()]
      .filter((row) => row.branch === branch && (tenant === undefined || row.tenant === tenant))
      .filter(
        (row) => row.stream.startsWith(prefix) && (after === undefined || comparePlaces(row, after) > 0),
      )
      .sort(comparePlaces)
      .slice(0, limit)
      .map(({ state, ...summary }) => ({ ...summary, size: state.length }))
  }

  async drop({ branch, tenant, stream, prefix = '' }: SnapshotsToDrop): Promise<number> {
    await this.#gate.pass()
    const doomed = [...this.#rows].filter(
      ([, row]) =>
        row.branch === branch &&
        (tenant === undefined || row.tenant === tenant) &&
        (stream === undefined ? row.stream.startsWith(prefix) : row.stream === stream),
    )
    for (const [key] of doomed) this.#rows.delete(key)
    return doomed.length
  }

  /** Within a change of branches. */
  forget(branch: number): void {
    for (const [key, row] of this.#rows) if (row.branch === branch) this.#rows.delete(key)
  }
}

type Place = Pick<SnapshotRow, 'tenant' | 'stream'>

function comparePlaces(one: Place, other: Place): number {
  return compareText(one.tenant, other.tenant) || compareText(one.stream, other.stream)
}

function keyOf(branch: number, tenant: string, stream: string): string {
  return JSON.stringify([branch, tenant, stream])
}
