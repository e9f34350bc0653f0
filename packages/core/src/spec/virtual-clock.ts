import type { Clock } from '../log/clock.ts'
import { beginning, type Duration, millisecondsIn, type Moment, timeOf } from './setting.ts'
import { Underway } from './underway.ts'
import { virtualChance } from './virtual-chance.ts'
import { virtualIds } from './virtual-ids.ts'

export interface VirtualClockOptions {
  /** When time begins. Default: with 2026. */
  readonly at?: Moment
  /** Milliseconds of the machine's time after which what doesn't end is given up. Default 4,000. */
  readonly patience?: number
}

interface Timer {
  readonly due: number
  /** Of two that are due at the same time, the first one made comes first. */
  readonly order: number
  /** Whether somebody's work waits for it. */
  readonly isWork: boolean
  readonly fire: () => void
}

/** Pauses after which what waits for time is taken for endless. */
const mostJumps = 10_000

/** Time that passes only when it is told to. Runtimes that share one share their time. */
export class VirtualClock implements Clock {
  readonly #timers = new Set<Timer>()
  readonly #underway: Underway
  #now: number
  #made = 0

  /** Makes ids that are the same in every run. */
  readonly newId: () => string
  /** Numbers from 0 up to 1, without it, that are the same in every run. */
  readonly random = virtualChance()

  constructor({ at, patience = 4_000 }: VirtualClockOptions = {}) {
    this.#now = at === undefined ? beginning : timeOf(at)
    this.#underway = new Underway(patience)
    this.newId = virtualIds(() => this.#now)
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#now
  }

  /** It is another time at once, earlier or later. What falls due on the way happens when time passes next. */
  set(moment: Moment): void {
    this.#now = timeOf(moment)
  }

  /** Lets time pass: what falls due on the way happens in its order, and is finished before time goes on. */
  async advance(duration: Duration): Promise<void> {
    const until = this.#now + millisecondsIn(duration)
    await this.#pass((timer) => timer.due <= until)
    this.#now = until
    await this.settled()
  }

  /** Runs until there is nothing left to do. Time passes only where work waits for it: for the pause before a retry. */
  async quiet(): Promise<void> {
    let jumps = 0
    await this.#pass(() => {
      if (!this.#timers.values().some(({ isWork }) => isWork)) return false
      if ((jumps += 1) <= mostJumps) return true
      throw new Error(
        `Work waits for time again and again: ${mostJumps} pauses have passed, and there is no end`,
      )
    })
  }

  /** Runs until nothing more happens without time passing. @throws Error that names what does not end */
  settled(): Promise<void> {
    return this.#underway.settled()
  }

  /** Begins work, which is under way until it ends, save while it sleeps by this clock. */
  track<T>(name: string, begin: () => Promise<T>): Promise<T> {
    return this.#underway.track(name, begin)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(milliseconds, true, signal)
  }

  idle(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(milliseconds, false, signal)
  }

  every(milliseconds: number, work: () => void): () => void {
    const again = (): Timer =>
      this.#add(milliseconds, false, () => {
        timer = again()
        work()
      })
    let timer = again()
    return () => this.#timers.delete(timer)
  }

  async #wait(milliseconds: number, isWork: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return
    const wake = this.#underway.sleep()
    await new Promise<void>((resolve) => {
      const done = (): void => {
        wake()
        this.#timers.delete(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = this.#add(milliseconds, isWork, done)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  #add(milliseconds: number, isWork: boolean, fire: () => void): Timer {
    this.#made += 1
    const timer = { due: this.#now + milliseconds, order: this.#made, isWork, fire }
    this.#timers.add(timer)
    return timer
  }

  /** Goes from one timer to the next, while that is wanted. */
  async #pass(isWanted: (next: Timer) => boolean): Promise<void> {
    for (;;) {
      await this.settled()
      const next = this.#next()
      if (next === undefined || !isWanted(next)) return
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      next.fire()
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (next === undefined || timer.due < next.due || (timer.due === next.due && timer.order < next.order))
        next = timer
    }
    return next
  }
}

/** Time that passes only when it is told to. */
export function virtualClock(options?: VirtualClockOptions): VirtualClock {
  return new VirtualClock(options)
}
