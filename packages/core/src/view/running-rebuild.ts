import { HeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import { buildOptionsOf } from './build-options.ts'
import type { ViewHost } from './host.ts'
import type { Rebuild, RebuildError, RebuildProgress, RebuildState } from './rebuild.ts'
import { findVersion, giveUp, type RebuildParts } from './rebuilds.ts'
import type { Rate } from './rate.ts'

const mostParkedCounted = 1_000
const errorsShown = 10
const defaultInterval = 250

/** A version on its way, seen from this process, whichever one builds it. */
export class RunningRebuild implements Rebuild {
  readonly view: string
  readonly version: number
  readonly #host: ViewHost
  readonly #parts: RebuildParts
  readonly #rate: Rate

  constructor(host: ViewHost, version: number, rate: Rate, parts: RebuildParts) {
    this.view = host.view.name
    this.version = version
    this.#host = host
    this.#parts = parts
    this.#rate = rate
  }

  async progress(): Promise<RebuildProgress> {
    const { store, feed } = this.#parts.runner
    const known = findVersion(this.#parts.versions.snapshot, this.view, this.version)
    const checkpoint = await store.progress.checkpoint(known.processor, mainBranch)
    const { processor } = known
    const parked = await store.parking.count(processor, mainBranch, mostParkedCounted)
    const failed = parked === 0 ? [] : await this.#firstErrors(processor)
    const isOver = known.state === 'current' || known.state === 'retired'
    const position = checkpoint?.position ?? (isOver ? feed.head : 0)
    const head = Math.max(feed.head, position)
    const rate = known.state === 'building' ? this.#rate.at(position) : null
    return {
      view: this.view,
      version: this.version,
      state: stateOf(known, position >= head, parked > 0),
      position,
      head,
      fraction: isOver || head === 0 ? 1 : position / head,
      rate,
      secondsLeft: rate === null || rate === 0 ? null : (head - position) / rate,
      parked,
      errors: failed,
      startedAt: new Date(known.madeAt),
      startedBy: known.madeBy,
      isHere: this.#host.build?.version.version === this.version,
      reason: known.reason ?? (await this.#host.build?.summary())?.error?.message ?? null,
    }
  }

  /** Of the first sequences that wait: the event on which each waits. */
  async #firstErrors(processor: string): Promise<readonly RebuildError[]> {
    const sequences = await this.#parts.runner.store.parking.sequences({
      processor,
      branch: mainBranch,
      slots: allSlots,
      mostEvents: 1,
      limit: errorsShown,
    })
    return sequences.map(({ tenant, sequence, position, attempts, error, parkedAt }) => {
      return { tenant, sequence, position, attempts, error, parkedAt: new Date(parkedAt) }
    })
  }

  async *updates({
    interval = defaultInterval,
    signal = new AbortController().signal,
  }: Parameters<Rebuild['updates']>[0] = {}): AsyncGenerator<RebuildProgress> {
    const { versions } = this.#parts
    const { clock } = this.#parts.runner
    for (;;) {
      const { generation } = versions.snapshot
      const progress = await this.progress()
      yield progress
      if (isOver(progress.state) || signal.aborted) return
      const pause = new AbortController()
      const end = (): void => pause.abort()
      signal.addEventListener('abort', end, { once: true })
      // The switch is told at once, everything else from time to time.
      void versions.changed(generation, pause.signal).then(end)
      await clock.sleep(interval, pause.signal)
      pause.abort()
      signal.removeEventListener('abort', end)
    }
  }

  async done({ signal }: Parameters<Rebuild['done']>[0] = {}): Promise<RebuildProgress> {
    const { options } = findVersion(this.#parts.versions.snapshot, this.view, this.version)
    const waitsForSwitch = buildOptionsOf(options).switch === 'caught-up'
    for await (const progress of this.updates({ interval: 50, ...(signal && { signal }) })) {
      if (progress.state === 'failed') throw this.#failed('view.rebuild-failed', progress)
      if (progress.state === 'blocked') throw this.#failed('view.rebuild-blocked', progress)
      if (progress.state === 'switched' || (progress.state === 'ready' && !waitsForSwitch)) return progress
    }
    signal?.throwIfAborted()
    throw new Error('A rebuild that was not waited for to its end')
  }

  cancel(): Promise<void> {
    return giveUp(this.#host, this.version, `${this.#parts.maker.owner} cancelled it`, this.#parts)
  }

  #failed(code: 'view.rebuild-failed' | 'view.rebuild-blocked', progress: RebuildProgress): HeadwaterError {
    const { view, version, parked, errors, reason } = progress
    const why =
      code === 'view.rebuild-failed'
        ? `was given up: ${reason ?? 'nobody said why'}`
        : `could not fold ${parked} events, the first at position ${errors[0]?.position}: ${errors[0]?.error ?? 'it waits behind others'}`
    return new HeadwaterError(code, `Version ${version} of view ${view} ${why}`, {
      details: { view, version, parked, errors },
    })
  }
}

function stateOf({ state, options }: ViewVersion, isCaughtUp: boolean, hasParked: boolean): RebuildState {
  if (state === 'failed') return 'failed'
  if (state !== 'building') return 'switched'
  if (!isCaughtUp) return 'building'
  const { switch: when, withParked } = buildOptionsOf(options)
  if (hasParked && !withParked) return 'blocked'
  return when === 'asked' ? 'ready' : 'building'
}

function isOver(state: RebuildState): boolean {
  return state === 'switched' || state === 'failed'
}
