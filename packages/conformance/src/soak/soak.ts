import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreInProcesses, StoreModule } from '../subject.ts'
import { check, type Checked, storedHistory } from './check/check.ts'
import type { Finding } from './check/finding.ts'
import { type Blows, Nemesis, noBlows } from './nemesis.ts'
import { Place, type TaskOfPlace } from './place.ts'
import { Random } from './random.ts'

export interface SoakOptions {
  /** How each process opens the store. */
  readonly store: StoreInProcesses
  /** The name of a database that was not used before. */
  readonly database: string
  /** Where journals are written; it is made where it is missing, and left to whoever looks into what was found. */
  readonly folder: string
  /** The same seed sends, kills and freezes in the same way; what comes of it depends on the machine as well. */
  readonly seed: string
  /** For how long things are done, in milliseconds; looking at what came of it takes about as long again. */
  readonly milliseconds: number
  /** It ends earlier when so many things are done. */
  readonly things?: number
  /** How many processes share the database. Default 4. */
  readonly processes?: number
  /** Milliseconds for which a process that died keeps its processors from others. Default 1,500. */
  readonly leaseDuration?: number
  /** Milliseconds between two things that one writer or reader does. Default 25. */
  readonly pace?: number
  /** Milliseconds in which processors have to come to the end of the log when nobody writes any more. Default 120,000. */
  readonly patience?: number
  /** Called about once a second. */
  readonly onProgress?: (progress: SoakProgress) => void
}

export interface SoakProgress {
  readonly phase: 'work' | 'settle' | 'check'
  /** Milliseconds since it began. */
  readonly elapsed: number
  /** Things that writers, readers and operators have done. */
  readonly done: number
  readonly blows: Blows
}

export interface SoakReport extends Checked {
  readonly seed: string
  readonly processes: number
  readonly milliseconds: number
  /** Things that writers, readers and operators have done. */
  readonly done: number
  /** How many processes took part, one after the other. */
  readonly lives: number
  readonly blows: Blows
  /** Nothing was found. */
  readonly isClean: boolean
}

/** Milliseconds that opening, asking again and writing down may take in the end, beside the processors' own patience. */
const settleLimit = 300_000

/**
 * Has several processes write, read, process and operate one database, kills and freezes them at random, and looks for
 * violations in what they saw.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  mkdirSync(options.folder, { recursive: true })
  return new Soak(options).run()
}

class Soak {
  readonly #options: SoakOptions
  readonly #processes: number
  readonly #leaseDuration: number
  readonly #random: Random
  readonly #places: readonly Place[]
  readonly #begun = performance.now()
  readonly #over = new AbortController()
  readonly #patience: number
  #phase: SoakProgress['phase'] = 'work'
  #nemesis: Nemesis | undefined

  constructor(options: SoakOptions) {
    this.#options = options
    this.#processes = options.processes ?? 4
    this.#leaseDuration = options.leaseDuration ?? 1_500
    this.#patience = options.patience ?? 120_000
    this.#random = new Random(options.seed)
    this.#places = Array.from(
      { length: this.#processes },
      (_, index) => new Place(String(index + 1), options.folder),
    )
  }

  async run(): Promise<SoakReport> {
    const { store, database, folder, seed, milliseconds } = this.#options
    const subject = (await import(store.module.href)) as StoreModule
    // Whoever comes first makes the schema; what ten processes do that start at once is a law of its own.
    const opened = await subject.openStore(database, ...(store.arguments ?? []))
    const progress = setInterval(() => this.#tell(), 1_000)
    const settler = new Place('settle', folder)
    const troubles: Finding[] = []
    try {
      await this.#work(subject)
      this.#phase = 'settle'
      troubles.push(...(await this.#stop()))
      const last = this.#places.flatMap(({ journals }) => journals.slice(-1))
      settler.start({ ...this.#task(0), mode: 'settle' }, last)
      if (!(await settler.ended(settleLimit + this.#patience)))
        troubles.push(trouble('stuck', 'What was begun did not come to its end'))
      this.#phase = 'check'
      const all = [...this.#places, settler]
      for (const { crashes } of all) troubles.push(...crashes.map((crash) => trouble('crashed', crash)))
      const history = storedHistory(
        opened,
        all.map(({ journals }) => journals),
      )
      const checked = await check(history, join(folder, 'check'))
      const findings = [...troubles, ...checked.findings]
      return {
        ...checked,
        findings,
        counts: withTroubles(checked.counts, troubles),
        seed,
        processes: this.#processes,
        milliseconds,
        done: this.#done,
        lives: this.#places.reduce((sum, { journals }) => sum + journals.length, 0),
        blows: this.#blows,
        isClean: findings.length === 0,
      }
    } finally {
      clearInterval(progress)
      for (const place of [...this.#places, settler]) await place.kill()
      await opened.close()
    }
  }

  async #work(subject: StoreModule): Promise<void> {
    const { store, database, milliseconds, things = Number.POSITIVE_INFINITY } = this.#options
    const given = store.arguments ?? []
    const [first, ...others] = this.#places
    if (first === undefined) return
    this.#nemesis = new Nemesis({
      places: [first, ...others],
      task: (shift) => this.#task(shift),
      random: this.#random,
      leaseDuration: this.#leaseDuration,
      lock: async () => subject.lockWrites(database, ...given),
      disconnect: subject.breakConnections && (async () => subject.breakConnections?.(database, ...given)),
      pause: (time) => this.#pause(time),
      isOver: () => this.#over.signal.aborted,
    })
    const timer = setTimeout(() => this.#over.abort(), milliseconds)
    const counter = setInterval(() => {
      if (this.#done >= things) this.#over.abort()
    }, 100)
    try {
      await this.#nemesis.run()
    } finally {
      clearTimeout(timer)
      clearInterval(counter)
    }
  }

  async #stop(): Promise<readonly Finding[]> {
    const inTime = await Promise.all(this.#places.map((place) => place.stop()))
    return this.#places
      .filter((_, index) => inTime[index] === false)
      .map(({ name }) => trouble('stuck', `${name} did not end when it was told to`))
  }

  #task(shift: number): TaskOfPlace {
    const { store, database, seed, pace = 25 } = this.#options
    return {
      module: store.module.href,
      database,
      given: store.arguments ?? [],
      seed,
      mode: 'work',
      leaseDuration: this.#leaseDuration,
      pace,
      patience: this.#patience,
      shift,
    }
  }

  #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#over
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  get #done(): number {
    return this.#places.reduce((sum, { done }) => sum + done, 0)
  }

  get #blows(): Blows {
    return this.#nemesis?.blows ?? noBlows
  }

  #tell(): void {
    const elapsed = performance.now() - this.#begun
    this.#options.onProgress?.({ phase: this.#phase, elapsed, done: this.#done, blows: this.#blows })
  }
}

function trouble(kind: 'stuck' | 'crashed', message: string): Finding {
  return { kind, message, history: [] }
}

function withTroubles(counts: Checked['counts'], troubles: readonly Finding[]): Checked['counts'] {
  const all = { ...counts }
  for (const { kind } of troubles) all[kind] = (all[kind] ?? 0) + 1
  return all
}
