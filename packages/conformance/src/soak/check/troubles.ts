import type { Entry } from '../entries.ts'
import type { SequentialChecker } from './checker.ts'
import type { Findings } from './finding.ts'

/** Errors that are to be expected where processes are killed and frozen, and others want the same. */
const expected: ReadonlySet<string> = new Set([
  'log.busy',
  'log.closed',
  'log.outcome-unknown',
  'log.overloaded',
  'log.unavailable',
  'lock.timeout',
  'processor.busy',
  'processor.conflict',
  'processor.fenced',
  'processor.invalid-partitions',
  'processor.never-began',
  'view.rebuild-failed',
  'view.rebuild-blocked',
  'view.rebuild-running',
  'view.wait-timeout',
  'command.conflict',
  'log.document-conflict',
])

/** What processes said that went wrong. */
export class TroubleChecker implements SequentialChecker {
  readonly #findings: Findings
  #isSettled = false
  #last: Entry | undefined

  constructor(findings: Findings) {
    this.#findings = findings
  }

  entry(entry: Entry): void {
    this.#last = entry
    if (entry.kind === 'settled') this.#isSettled = true
    else if (entry.kind === 'stuck') this.#findings.tell('stuck', entry.what, [entry])
    else if (entry.kind === 'failed' && !(entry.code !== null && expected.has(entry.code)))
      this.#findings.tell('failed', `${entry.where}: ${entry.message.split('\n')[0]}`, [entry])
    else if (entry.kind === 'operated' && entry.code !== undefined && !expected.has(entry.code))
      this.#findings.tell('failed', `${entry.act} of ${entry.processor} failed with ${entry.code}`, [entry])
  }

  end(): void {
    if (!this.#isSettled)
      this.#findings.tell('stuck', 'What was begun was not brought to its end', [this.#last])
  }
}
