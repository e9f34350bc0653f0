import { type HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { changedView } from './first-versions.ts'
import type { ViewHost } from './host.ts'
import { beginRebuild, beginSwitch, isNobodyAt, type RebuildParts } from './rebuilds.ts'
import { isMadeBy, type OnChangedView } from './version-role.ts'

export interface CodeFollowerOptions {
  readonly onChanged: OnChangedView
  readonly onWarning: (warning: HeadwaterError) => void
}

/** Brings the versions of views to the code of this process, where that is wanted, and says where they differ. */
export class CodeFollower {
  readonly #options: CodeFollowerOptions
  readonly #parts: RebuildParts
  /** Whose rebuild could not begin, as other code has one under way. */
  readonly #waiting = new Set<ViewHost>()
  #retrying: Promise<void> = Promise.resolve()
  #stop: (() => void) | undefined

  constructor(options: CodeFollowerOptions, parts: RebuildParts) {
    this.#options = options
    this.#parts = parts
  }

  /** @throws HeadwaterError `view.changed` where changed code is to be refused */
  async look(hosts: readonly ViewHost[]): Promise<void> {
    for (const host of hosts) await this.#lookAt(host)
    if (this.#waiting.size === 0) return
    const { versions, runner } = this.#parts
    const stops = [
      versions.listen(() => this.#retry()),
      // Who builds may have died, which changes no version.
      runner.clock.every(runner.leaseDuration, () => this.#retry()),
    ]
    this.#stop = () => stops.forEach((stop) => stop())
  }

  /** Whether the view waits for another rebuild to end. */
  isWaiting(host: ViewHost): boolean {
    return this.#waiting.has(host)
  }

  async close(): Promise<void> {
    this.#stop?.()
    await this.#retrying
  }

  async #lookAt(host: ViewHost): Promise<void> {
    const { onChanged, onWarning } = this.#options
    const { state, current, building } = host.role
    // It was let go, and what was recorded since is in no version; or its first version is being built by other code.
    if (current === undefined && building === undefined) await this.#bringToCode(host)
    if (current === undefined || (state !== 'changed' && state !== 'replaced')) return
    if (onChanged === 'refuse') throw changedView(host)
    const isChosen =
      onChanged === 'rebuild' && (state === 'changed' || (await isNobodyAt(current, this.#parts)))
    if (isChosen) await this.#bringToCode(host)
    else onWarning(changedView(host))
  }

  /** The code has changed for every tenant: that it is rebuilt by was chosen for all of them. */
  async #bringToCode(host: ViewHost): Promise<void> {
    const earlier = this.#parts.versions.snapshot
      .of(host.view.name)
      .findLast((version) => version.state === 'retired' && isMadeBy(host.own, version))
    try {
      if (earlier === undefined) await beginRebuild(host, { allTenants: true }, this.#parts)
      else await beginSwitch(host, earlier.version, { allTenants: true }, this.#parts)
      this.#waiting.delete(host)
    } catch (error) {
      if (!isHeadwaterError(error, 'view.rebuild-running')) throw error
      if (!this.#waiting.has(host)) this.#options.onWarning(error)
      this.#waiting.add(host)
    }
  }

  #retry(): void {
    const { onError } = this.#parts.runner
    this.#retrying = this.#retrying
      .then(async () => {
        for (const host of this.#waiting) {
          if (host.role.state === 'same' || host.role.building !== undefined) this.#waiting.delete(host)
          else await this.#bringToCode(host)
        }
      })
      .catch((error: unknown) => onError(error, {}))
  }
}
