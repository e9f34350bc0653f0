import type { Place, TaskOfPlace } from './place.ts'
import type { Random } from './random.ts'

/** What is done to the processes of a soak. */
export type Blow = 'kill' | 'stop' | 'freeze' | 'freeze-long' | 'lock' | 'disconnect' | 'calm'
export type Blows = Readonly<Record<Blow, number>>

export const noBlows: Blows = {
  kill: 0,
  stop: 0,
  freeze: 0,
  'freeze-long': 0,
  lock: 0,
  disconnect: 0,
  calm: 0,
}

export interface NemesisOptions {
  readonly places: readonly [Place, ...Place[]]
  readonly task: (shift: number) => TaskOfPlace
  readonly random: Random
  readonly leaseDuration: number
  /** Takes the database's write lock without the store, and gives what lets go of it. */
  readonly lock: () => Promise<() => void>
  /** Ends the connections of all processes; undefined: there are none. */
  readonly disconnect: (() => Promise<void>) | undefined
  /** Waits so many milliseconds, or until the soak is over. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly isOver: () => boolean
}

/** Milliseconds by which clocks are wrong. */
const shifts: readonly [number, ...number[]] = [0, 0, -90_000, 90_000, -3_600_000]

/** Kills, freezes and starts processes at random, until it is over: then all of them run and nobody holds a lock. */
export class Nemesis {
  readonly blows: Record<Blow, number> = { ...noBlows }
  readonly #options: NemesisOptions

  constructor(options: NemesisOptions) {
    this.#options = options
  }

  async run(): Promise<void> {
    const { places, random, pause, isOver } = this.#options
    for (const place of places) this.#start(place)
    while (!isOver()) {
      await pause(random.between(100, 1_500))
      if (isOver()) return
      // Whatever ended by itself is a finding, and the others go on meanwhile.
      for (const vacant of places) if (vacant.isVacant) this.#start(vacant)
      const place = random.pick(places)
      // What has just been started is mostly left alone until it has opened the app, but not always.
      if (!place.isRunning || (!place.isReady && random.chance(0.8))) continue
      const disconnect = this.#options.disconnect === undefined ? 0 : 1
      const weights = { kill: 4, stop: 1, freeze: 2, 'freeze-long': 2, lock: 0.5, disconnect, calm: 2 }
      const blow = random.weighted<Blow>(weights)
      this.blows[blow] += 1
      await this.#strike(blow, place)
    }
  }

  async #strike(blow: Blow, place: Place): Promise<void> {
    const { random, pause, leaseDuration, lock } = this.#options
    switch (blow) {
      case 'kill':
        await place.kill()
        await pause(random.between(0, 1_000))
        return this.#start(place)
      case 'stop':
        if (!(await place.stop())) place.crashes.push(`${place.name} did not end when it was told to`)
        return this.#start(place)
      case 'freeze':
        return this.#freeze(place, random.between(10, leaseDuration))
      case 'freeze-long':
        return this.#freeze(place, leaseDuration + random.between(100, 2 * leaseDuration))
      case 'lock': {
        const release = await lock()
        await pause(random.between(10, 500))
        return release()
      }
      case 'disconnect':
        return this.#options.disconnect?.()
      case 'calm':
    }
  }

  async #freeze(place: Place, milliseconds: number): Promise<void> {
    place.freeze()
    await this.#options.pause(milliseconds)
    // Some never wake up again.
    if (this.#options.random.chance(0.2)) {
      await place.kill()
      this.#start(place)
    } else place.thaw()
  }

  #start(place: Place): void {
    const { task, random } = this.#options
    place.start(task(random.pick(shifts)))
  }
}
