import { amendedType } from '../amend/amendment.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { Checkpoint } from '../log/checkpoint.ts'
import type { Lease } from '../log/leases.ts'
import { mainBranch } from '../log/port.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import { alone } from '../process/alone.ts'
import { ProcessorRunner, type RunnerParts } from '../process/runner.ts'
import { buildOptionsOf, withOptions } from './build-options.ts'
import type { StoredVersions, VersionsChange, VersionsSnapshot } from './stored-versions.ts'
import { runnerFor, type VersionStorage } from './version-storage.ts'

export interface TakeOverParts {
  readonly runner: RunnerParts
  readonly versions: StoredVersions
  readonly storage: VersionStorage
}

/** Milliseconds for which appends wait at most until a version that is fed inline takes over. */
export const longestFence = 2_000

/**
 * Has a version that has caught up take the place of the current one, in one transaction.
 *
 * Where one of the two is fed inline, no event may come between the last one that is folded and the switch. Writers in all
 * processes are told to wait (`fencedUntil`; an append that was prepared before they heard it is refused), what they had
 * recorded until then is folded, and the switch is refused if an event came nevertheless.
 *
 * @returns whether it took over; false: something moved, to be tried again
 */
export async function takeOver(version: ViewVersion, parts: TakeOverParts): Promise<boolean> {
  const isFenced = involvesInline(version, parts.versions.snapshot)
  if (isFenced) await fence(version, parts, Date.now() + longestFence)
  let isDone = false
  try {
    const reached = await foldTheRest(version, parts)
    isDone = reached !== undefined && (await switchOver(version, reached, isFenced, parts))
    return isDone
  } finally {
    if (isFenced && !isDone) await fence(version, parts, null)
  }
}

function involvesInline({ view, lifecycle }: ViewVersion, snapshot: VersionsSnapshot): boolean {
  return lifecycle === 'inline' || currentOf(snapshot, view)?.lifecycle === 'inline'
}

async function fence(version: ViewVersion, { versions }: TakeOverParts, until: number | null): Promise<void> {
  await versions.change((snapshot) => {
    const known = snapshot.find(version.view, version.version)
    if (known?.state !== 'building' || known.fencedUntil === until) return undefined
    return { put: [{ ...known, fencedUntil: until }] }
  })
}

/** Folds what was recorded before now; gives where that led, undefined: not in time. */
async function foldTheRest(
  version: ViewVersion,
  { runner, storage }: TakeOverParts,
): Promise<Checkpoint | undefined> {
  const own = runnerFor(storage, version, runner)
  const { store } = own
  const { position: head } = await store.log.head(mainBranch)
  const last = new ProcessorRunner(storage.plan(version, 'build'), own)
  last.run()
  try {
    await last.waitFor(head, { timeLimit: longestFence / 2 })
  } catch {
    return undefined
  } finally {
    // Only now is the checkpoint sure to be stored.
    await last.stop()
  }
  // What a build wrote ahead of a checkpoint that failed would be folded once more by who doesn't know of it.
  if ((await last.summary()).error !== undefined) return undefined
  const checkpoint = await store.progress.checkpoint(version.processor, mainBranch)
  return checkpoint !== undefined && checkpoint.position >= head ? checkpoint : undefined
}

async function switchOver(
  version: ViewVersion,
  checkpoint: Checkpoint,
  isFenced: boolean,
  { runner, versions }: TakeOverParts,
): Promise<boolean> {
  const { store, clock, onError } = runner
  const exchangeUnder = async (lease: Lease | undefined): Promise<boolean> => {
    const changed = await versions.change((snapshot) => {
      const known = snapshot.find(version.view, version.version)
      if (known?.state !== 'building') return undefined
      return {
        ...exchange(known, snapshot, checkpoint, clock.now()),
        ...(lease && {
          lease,
          unlessEvents: {
            types: [...typesOf(snapshot, version.view), amendedType],
            after: checkpoint.position,
          },
        }),
      }
    })
    return changed?.status === 'changed'
  }
  if (!isFenced) return exchangeUnder(undefined)
  // Where appends feed it from now on, no processor may: who takes it next asks first whether it is still to be fed.
  const parts = { store, clock, timeLimit: longestFence / 4, onError: (error: unknown) => onError(error, {}) }
  try {
    return await alone(parts, version.processor, (_, lease) => exchangeUnder(lease))
  } catch (error) {
    if (isHeadwaterError(error, 'processor.busy')) return false
    throw error
  }
}

/** The version becomes the current one, and that one is retired. */
function exchange(
  version: ViewVersion,
  snapshot: VersionsSnapshot,
  checkpoint: Checkpoint,
  now: number,
): VersionsChange {
  const current = currentOf(snapshot, version.view)
  const put: ViewVersion[] = [{ ...version, state: 'current', changedAt: now, fencedUntil: null }]
  if (current === undefined) return { put }
  const { grace } = buildOptionsOf(version.options)
  const options = withOptions(current.options, { keptUntil: now + grace })
  put.push({ ...current, state: 'retired', changedAt: now, options })
  // What was fed inline is where the new version is: it can be gone on with from there.
  return current.lifecycle === 'inline'
    ? { put, checkpoint: { processor: current.processor, checkpoint } }
    : { put }
}

/** What any of the versions folds. */
export function typesOf(snapshot: VersionsSnapshot, view: string): readonly string[] {
  return [...new Set(snapshot.of(view).flatMap(({ types }) => types))]
}

function currentOf(snapshot: VersionsSnapshot, view: string): ViewVersion | undefined {
  return snapshot.of(view).find(({ state }) => state === 'current')
}
