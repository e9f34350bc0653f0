import { type Headwater, isHeadwaterError, type Store } from '@headwater/core'
import type { EntryBody } from '../entries.ts'
import { type Journal, microseconds } from '../journal.ts'
import { eraOf } from '../model.ts'
import type { Random } from '../random.ts'

/** What the loops of one process work with. */
export interface Player {
  readonly headwater: Headwater
  /** Below the app: what is done here no cache of the app's has seen. */
  readonly store: Store
  readonly journal: Journal
  readonly random: Random
  /** Of this process, from its start to its end. */
  readonly life: string
  /** Milliseconds between two things that one writer or reader does, on average. */
  readonly pace: number
  /** Milliseconds by which its clock is wrong. */
  readonly shift: number
  /** Aborted when the process is to end in order. */
  readonly stopping: AbortSignal
  /** A name that this process gives once. */
  turn(): string
  /** Counts what was done, for the progress that is shown. */
  done(): void
}

/** How many accounts of a kind, and raw streams, there are at a time: few, so that all want the same. */
const atATime = 6

/** One of the few that all processes use at the time: the same number in all of them, whatever their clocks say. */
export function oneOfFew({ random }: Pick<Player, 'random'>): string {
  return `${random.between(1, atATime)}.${eraOf(microseconds() / 1_000)}`
}

/** Waits for half to one and a half of some milliseconds, or until the process is to end. */
export function rest(
  { random, stopping }: Pick<Player, 'random' | 'stopping'>,
  average: number,
): Promise<void> {
  const milliseconds = average * (0.5 + random.next())
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    stopping.addEventListener('abort', done, { once: true })
    if (stopping.aborted) done()
  })
}

/** Does something again and again until the process is to end. What fails is written down, and looked at afterwards. */
export async function repeat(
  player: Player,
  where: string,
  work: () => Promise<void>,
  pace = player.pace,
): Promise<void> {
  while (!player.stopping.aborted) {
    try {
      await work()
      player.done()
    } catch (error) {
      player.journal.write(failure(where, error))
    }
    await rest(player, pace)
  }
}

export function failure(where: string, error: unknown): EntryBody {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'failed', where, code: codeOf(error) ?? null, message: message.slice(0, 2_000) }
}

export function codeOf(error: unknown): string | undefined {
  return isHeadwaterError(error) ? error.code : undefined
}

/** The code of one of Headwater's errors: any other is a finding, and is thrown on. */
export function failedWith(error: unknown): { readonly status: 'failed'; readonly code: string } {
  const code = codeOf(error)
  if (code === undefined) throw error
  return { status: 'failed', code }
}
