import type { SequentialChecker } from './checker.ts'
import { around, type Findings } from './finding.ts'
import type { Logged } from './logged.ts'

/** The log as a whole: positions are dense and in order, recorded times don't go backwards. */
export class OrderChecker implements SequentialChecker {
  readonly #findings: Findings
  readonly #before: Logged[] = []

  constructor(findings: Findings) {
    this.#findings = findings
  }

  event(event: Logged): void {
    const before = this.#before.at(-1)
    const expected = (before?.position ?? 0) + 1
    if (event.position > expected)
      this.#tell('position-gap', `Positions ${expected} to ${event.position - 1} are missing`, event)
    else if (event.position === before?.position)
      this.#tell('duplicated', `Position ${event.position} stands twice in the log`, event)
    else if (event.position < expected)
      this.#tell('reordered', `Position ${event.position} stands behind ${before?.position}`, event)
    if (before !== undefined && event.recordedAt < before.recordedAt) {
      const by = before.recordedAt - event.recordedAt
      this.#tell(
        'time-backwards',
        `Position ${event.position} was recorded ${by} ms before the one before it`,
        event,
      )
    }
    this.#before.push(event)
    if (this.#before.length > 8) this.#before.shift()
  }

  #tell(kind: Parameters<Findings['tell']>[0], message: string, event: Logged): void {
    this.#findings.tell(kind, message, [...around(this.#before, undefined), event], event.position)
  }
}
