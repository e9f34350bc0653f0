import { HeadwaterError } from '@headwater/core/errors'
import { randomUUID } from 'node:crypto'
import type { Database, Statement } from './database.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('append')
const beginEpoch: Statement = { name: 'begin-epoch', text: sql('begin-epoch') }
const epochs: Statement = { name: 'epochs', text: sql('epochs') }

interface Epoch {
  readonly epoch: string
  /** How far each branch had come when it began. */
  readonly bases: ReadonlyMap<number, number>
}

/**
 * Which history the tables hold. After a restore or a failover another epoch begins, which goes on from where the tables
 * stand: all goes on where nothing is lost that this process has seen, and else it stops, for what it remembers never
 * happened.
 */
export class History {
  readonly #database: Database
  readonly #listeners: (() => void)[] = []
  /** How far this process has seen each branch. */
  readonly #seen = new Map<number, number>()
  #epochs: readonly Epoch[] = []
  #renewing: Promise<void> | undefined
  #lost: number | undefined

  constructor(database: Database) {
    this.#database = database
  }

  get epoch(): string {
    return this.#epochs.at(-1)?.epoch ?? ''
  }

  /** The epochs from which this one goes on, and the last position that it shares with each; undefined: none. */
  earlier(branch: number): ReadonlyMap<string, number> | undefined {
    if (this.#epochs.length <= 1) return undefined
    const shared = new Map<string, number>()
    let least = Number.POSITIVE_INFINITY
    for (let index = this.#epochs.length - 1; index > 0; index -= 1) {
      least = Math.min(least, this.#epochs[index]?.bases.get(branch) ?? 0)
      shared.set(this.#epochs[index - 1]?.epoch ?? '', least)
    }
    return shared
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  see(branch: number, position: number): void {
    if (position > (this.#seen.get(branch) ?? 0)) this.#seen.set(branch, position)
  }

  /** @throws HeadwaterError `log.diverged` */
  requireWhole(): void {
    if (this.#lost === undefined) return
    throw new HeadwaterError(
      'log.diverged',
      `${this.#database.name} was restored or failed over, and lacks position ${this.#lost}, which this process has seen: start it again`,
    )
  }

  /**
   * Takes the epoch of the tables as they are now.
   *
   * @throws HeadwaterError `log.diverged`
   */
  async renew(): Promise<void> {
    await (this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
    }))
    this.requireWhole()
  }

  async #renew(): Promise<void> {
    await this.#database.run(beginEpoch, [randomUUID()])
    const { rows } = await this.#database.run<[string, readonly (readonly [number, number])[]]>(epochs)
    const before = this.epoch
    this.#epochs = rows.map(([epoch, bases]) => ({ epoch, bases: new Map(bases) }))
    if (before !== '' && before !== this.epoch)
      for (const [branch, position] of this.#seen)
        if (position > (this.earlier(branch)?.get(before) ?? 0)) this.#lost = position
    for (const listener of this.#listeners) listener()
  }
}
