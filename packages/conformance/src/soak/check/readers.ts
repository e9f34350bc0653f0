import type { Entry, PageRead, Seen } from '../entries.ts'
import { eventTypes, tenants } from '../model.ts'
import type { SequentialChecker } from './checker.ts'
import type { Findings } from './finding.ts'
import type { Index } from './index-file.ts'
import type { Logged } from './logged.ts'
import { compareSeen } from './seen.ts'

interface Session {
  position: number
  readonly types?: readonly string[] | undefined
  readonly tenant?: string | undefined
}

/** What those saw who read the log: page by page, or live. */
export class ReaderChecker implements SequentialChecker {
  readonly #findings: Findings
  readonly #index: Index
  readonly #sessions = new Map<string, Session>()
  /** The last position that was acknowledged when something was asked. */
  readonly #floors = new Map<string, number>()
  #acknowledged = 0

  constructor(findings: Findings, index: Index) {
    this.#findings = findings
    this.#index = index
  }

  event({ position, digest, type, tenant }: Logged): void {
    this.#index.add(position, digest, eventTypes.indexOf(type), tenants.indexOf(tenant as ''))
  }

  entry(entry: Entry): void {
    switch (entry.kind) {
      case 'outcome':
        if (entry.answer.status === 'accepted') this.#acknowledge(entry.answer.events.at(-1)?.[2])
        return
      case 'appended':
        if (entry.answer.status === 'appended') this.#acknowledge(entry.answer.position)
        return
      case 'reading':
        if (entry.what === 'page') this.#floors.set(entry.turn, this.#acknowledged)
        return
      case 'page':
        return this.#checkPage(entry)
      case 'live': {
        const { session, after, types, tenant } = entry
        this.#sessions.set(session, { position: after, types, tenant })
        return
      }
      case 'heard':
        return this.#checkHeard(entry)
      case 'left':
        this.#sessions.delete(entry.session)
        return
      default:
    }
  }

  #acknowledge(position: number | undefined): void {
    this.#acknowledged = Math.max(this.#acknowledged, position ?? 0)
  }

  #checkPage(page: PageRead): void {
    const { turn, after, limit, scannedTo, head, seen } = page
    const floor = this.#floors.get(turn) ?? 0
    this.#floors.delete(turn)
    if (head < floor)
      this.#findings.tell(
        'stale-read',
        `A page says that the log ends at ${head}, and ${floor} had been acknowledged`,
        [page],
        head,
      )
    if (scannedTo > this.#index.last || head > this.#index.last) {
      const what = `A page was read up to ${scannedTo} of ${head}, and the log came to ${this.#index.last}`
      this.#findings.tell('dirty', what, [page], this.#index.last)
    }
    if (scannedTo < head && scannedTo <= after)
      this.#findings.tell('stuck', `A page after ${after} does not go on, short of the end`, [page], after)
    const expected = this.#expected(after, Math.min(scannedTo, this.#index.last), page)
    const differs = (kind: Parameters<Findings['tell']>[0], position: number): void =>
      this.#findings.tell(kind, `A page after ${after} has position ${position} so`, [page], position)
    compareSeen(expected, seen, differs)
    if (seen.length > limit) differs('duplicated', limit)
  }

  #checkHeard({ session: name, seen, at }: Extract<Entry, { kind: 'heard' }>): void {
    const session = this.#sessions.get(name)
    const last = seen.reduce((most, [position]) => Math.max(most, position), 0)
    if (session === undefined) return
    const told = { at, session: name, after: session.position, seen: seen.slice(0, 20) }
    const expected = this.#expected(session.position, Math.min(last, this.#index.last), session)
    compareSeen(expected, seen, (kind, position) =>
      this.#findings.tell(
        kind,
        `A live reader from ${session.position} on has position ${position} so`,
        [told],
        position,
      ),
    )
    session.position = Math.max(session.position, last)
  }

  #expected(after: number, to: number, filter: Pick<Session, 'types' | 'tenant'>): readonly Seen[] {
    const expected: Seen[] = []
    for (let position = after + 1; position <= to; position += 1) {
      const found = this.#index.at(position)
      if (found === undefined) continue
      const [digest, type, tenant] = found
      if (filter.types !== undefined && !filter.types.includes(eventTypes[type] ?? '')) continue
      if (filter.tenant !== undefined && filter.tenant !== tenants[tenant]) continue
      expected.push([position, digest])
    }
    return expected
  }
}
