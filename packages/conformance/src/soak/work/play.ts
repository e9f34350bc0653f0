import { type Clock, openStore, type Store, systemClock } from '@headwater/core'
import { reward, soakApp, type Handle } from '../app.ts'
import type { Journal } from '../journal.ts'
import { Random } from '../random.ts'
import { appendEvents, appendRequests } from './appends.ts'
import { bookSeats } from './bookings.ts'
import { readStates, sendCommands } from './commands.ts'
import { readDocuments } from './documents.ts'
import { operate } from './operator.ts'
import { failure, type Player } from './player.ts'
import { followLive, readPages, readStreams } from './readers.ts'
import { watched } from './watched-store.ts'

export interface PlayOptions {
  readonly seed: string
  readonly life: string
  readonly leaseDuration: number
  readonly pace: number
  /** Milliseconds by which the clock is wrong. */
  readonly shift: number
  /** Whether handlers fail now and then. */
  readonly failing: boolean
  readonly stopping: AbortSignal
  readonly done?: () => void
}

/** Opens the app under soak on a store: the app closes the store. */
export async function openPlayer(store: Store, journal: Journal, options: PlayOptions): Promise<Player> {
  const { seed, life, leaseDuration, pace, shift, failing, stopping } = options
  const random = new Random(`${seed}/${life}`)
  const seen = watched(store, journal, life)
  const headwater = await openStore(soakApp(handleWith(journal, random, failing)), seen, {
    leaseDuration,
    clock: shifted(shift),
    viewGrace: 2_000,
    onError: (error, { processor, subscription }) => {
      if (error instanceof RefusedOnPurpose) return
      journal.write(failure(processor ?? subscription ?? 'app', error))
    },
    onWarning: (warning) => journal.write(failure('warning', warning)),
  })
  let turns = 0
  const turn = (): string => {
    turns += 1
    return `${life}#${turns}`
  }
  const done = options.done ?? ((): void => undefined)
  return { headwater, store: seen, journal, random, life, pace, shift, stopping, turn, done }
}

/** All that one process does, until it is to end. */
export async function play(player: Player): Promise<void> {
  await Promise.all([
    sendCommands(player),
    sendCommands(player),
    appendEvents(player),
    appendRequests(player),
    bookSeats(player),
    readPages(player),
    followLive(player),
    readStreams(player),
    readStates(player),
    readDocuments(player),
    operate(player),
  ])
}

class RefusedOnPurpose extends Error {}

function handleWith(journal: Journal, random: Random, failing: boolean): Handle {
  return async (subscription, event, context) => {
    const { tenant, stream: sequence, position } = event
    const { idempotencyKey } = context
    const handling = { subscription, tenant, sequence, position, idempotencyKey }
    journal.write({ kind: 'handling', ...handling })
    if (random.chance(0.2)) await new Promise((resolve) => setTimeout(resolve, random.between(0, 5)))
    if (failing && random.chance(0.01))
      throw new RefusedOnPurpose('The soak lets a handler fail now and then')
    if (subscription === 'rewards') await reward(event, context)
    journal.write({ kind: 'handled', ...handling })
  }
}

/** The machine's clock, but wrong. */
function shifted(by: number): Clock {
  return { ...systemClock, now: () => Date.now() + by }
}
