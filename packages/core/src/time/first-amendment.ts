import { amendedType } from '../amend/amendment.ts'
import { type Log, mainBranch } from '../log/port.ts'
import type { Moment } from '../message/moment.ts'

/** Where the log was amended first: up to there every record is as it counts. */
export class FirstAmendment {
  readonly #log: Log
  #position: number | undefined
  /** Up to here there is none. */
  #scannedTo = 0

  constructor(log: Log) {
    this.#log = log
  }

  /** Whether something that is known as of a moment was amended. */
  async isAmendedBy(at: Moment): Promise<boolean> {
    const position = await this.#find()
    return position !== undefined && (at instanceof Date || position <= at)
  }

  async #find(): Promise<number | undefined> {
    while (this.#position === undefined) {
      const query = { branch: mainBranch, tenant: undefined, types: [amendedType], limit: 1 }
      const { events, scannedTo, head } = await this.#log.read({ ...query, after: this.#scannedTo })
      this.#position = events[0]?.position
      this.#scannedTo = Math.max(this.#scannedTo, scannedTo)
      if (scannedTo >= head) break
    }
    return this.#position
  }
}
