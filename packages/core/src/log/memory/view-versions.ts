import { compareText } from '../order.ts'
import type {
  ViewGeneration,
  ViewVersion,
  ViewVersions,
  ViewVersionsChange,
  ViewVersionsChanged,
} from '../view-versions.ts'
import type { Gate } from './gate.ts'
import type { MemoryLeases } from './leases.ts'
import type { MemoryProgress } from './progress.ts'

/** The first position beyond another that has an event of one of these types; undefined: there is none. */
export type FindEvent = (branch: number, types: readonly string[], after: number) => number | undefined

interface Branch {
  generation: number
  /** By view and version. */
  versions: Map<string, ViewVersion>
}

export class MemoryViewVersions implements ViewVersions {
  readonly #gate: Gate
  readonly #leases: MemoryLeases
  readonly #progress: MemoryProgress
  readonly #findEvent: FindEvent
  readonly #branches = new Map<number, Branch>()
  readonly #listeners = new Set<() => void>()

  constructor(gate: Gate, leases: MemoryLeases, progress: MemoryProgress, findEvent: FindEvent) {
    this.#gate = gate
    this.#leases = leases
    this.#progress = progress
    this.#findEvent = findEvent
  }

  async read(branch: number): Promise<ViewGeneration> {
    await this.#gate.pass()
    const { generation, versions } = this.#branch(branch)
    return { generation, versions: [...versions.values()].sort(inOrder) }
  }

  async change(change: ViewVersionsChange): Promise<ViewVersionsChanged> {
    await this.#gate.pass()
    const branch = this.#branch(change.branch)
    const refusal = this.#refusal(change, branch.generation)
    if (refusal !== undefined) return refusal
    for (const version of change.put) branch.versions.set(nameOf(version), Object.freeze({ ...version }))
    for (const version of change.remove) branch.versions.delete(nameOf(version))
    if (change.checkpoint !== undefined) {
      const { processor, checkpoint } = change.checkpoint
      this.#progress.place(processor, change.branch, checkpoint)
    }
    branch.generation += 1
    for (const listener of this.#listeners) queueMicrotask(listener)
    return { status: 'changed', generation: branch.generation }
  }

  onChanged(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** Within an append. */
  generation(branch: number): number {
    return this.#branches.get(branch)?.generation ?? 0
  }

  #refusal(
    { branch, expected, lease, unlessEvents }: ViewVersionsChange,
    generation: number,
  ): ViewVersionsChanged | undefined {
    if (expected !== generation) return { status: 'stale', generation }
    if (lease !== undefined && !this.#leases.isHeld(lease)) return { status: 'fenced' }
    if (unlessEvents === undefined) return undefined
    const position = this.#findEvent(branch, unlessEvents.types, unlessEvents.after)
    return position === undefined ? undefined : { status: 'events', position }
  }

  #branch(id: number): Branch {
    let branch = this.#branches.get(id)
    if (branch === undefined) this.#branches.set(id, (branch = { generation: 0, versions: new Map() }))
    return branch
  }
}

function nameOf({ view, version }: Pick<ViewVersion, 'view' | 'version'>): string {
  return JSON.stringify([view, version])
}

function inOrder(one: ViewVersion, other: ViewVersion): number {
  return compareText(one.view, other.view) || one.version - other.version
}
