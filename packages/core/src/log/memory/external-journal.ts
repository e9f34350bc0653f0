import type {
  CallIntent,
  CallKey,
  CallSettlement,
  CallsPage,
  CallsQuery,
  CallsToPrune,
  ExternalJournal,
  JournaledCall,
  LatestCall,
  ListedCall,
} from '../external-journal.ts'
import type { Gate } from './gate.ts'

export class MemoryExternalJournal implements ExternalJournal {
  readonly #gate: Gate
  readonly #now: () => number
  /** In the order of their sequences, as rows are replaced in place. */
  readonly #rows = new Map<string, JournaledCall>()
  #last = 0

  constructor(gate: Gate, now: () => number) {
    this.#gate = gate
    this.#now = now
  }

  async intend(call: CallIntent): Promise<JournaledCall> {
    await this.#gate.pass()
    return this.#intended(call)
  }

  async settle(call: CallIntent, settlement: CallSettlement): Promise<JournaledCall> {
    await this.#gate.pass()
    const known = this.#intended(call)
    if (known.status === 'answered') return known
    const attempts = known.attempts + settlement.attempts
    return this.#keep({ ...known, ...settlement, attempts, settledAt: this.#now() })
  }

  async find(key: CallKey): Promise<JournaledCall | undefined> {
    await this.#gate.pass()
    return this.#rows.get(keyOf(key))
  }

  async latest({ branch, tenant, external, hash, at }: LatestCall): Promise<JournaledCall | undefined> {
    await this.#gate.pass()
    return [...this.#rows.values()]
      .filter((row) => row.branch === branch && row.tenant === tenant && row.external === external)
      .filter(({ status, hash: own }) => status === 'answered' && own === hash)
      .filter(({ settledAt }) => settledAt !== null && settledAt <= at)
      .sort((one, other) => (one.settledAt ?? 0) - (other.settledAt ?? 0) || one.sequence - other.sequence)
      .at(-1)
  }

  async list(query: CallsQuery): Promise<readonly ListedCall[]> {
    await this.#gate.pass()
    const { branch, tenant, external, status, callerId, sequence, before, limit, longest } = query
    return [...this.#rows.values()]
      .reverse()
      .filter((row) => row.branch === branch && (tenant ?? row.tenant) === row.tenant)
      .filter((row) => (external ?? row.external) === row.external && (status ?? row.status) === row.status)
      .filter((row) => (callerId ?? row.caller.id) === row.caller.id)
      .filter((row) => (sequence ?? row.sequence) === row.sequence)
      .filter((row) => row.sequence < (before ?? Number.POSITIVE_INFINITY))
      .slice(0, limit)
      .map(({ request, answer, ...row }) => ({
        ...row,
        request: request.length > longest ? null : request,
        answer: answer === null || answer.length > longest ? null : answer,
        requestSize: request.length,
        answerSize: answer?.length ?? 0,
      }))
  }

  async read({ branch, after, limit }: CallsPage): Promise<readonly JournaledCall[]> {
    await this.#gate.pass()
    return [...this.#rows.values()]
      .filter((row) => row.branch === branch && row.sequence > after)
      .slice(0, limit)
  }

  async keep(calls: readonly JournaledCall[]): Promise<number> {
    await this.#gate.pass()
    const missing = calls.filter((call) => !this.#rows.has(keyOf(call)))
    for (const call of missing) {
      this.#last += 1
      this.#keep({ ...call, sequence: this.#last })
    }
    return missing.length
  }

  async prune({ branch, external, before, limit }: CallsToPrune): Promise<number> {
    await this.#gate.pass()
    const doomed = [...this.#rows]
      .filter(([, row]) => row.branch === branch && (external ?? row.external) === row.external)
      .slice(0, limit)
      .filter(([, { intendedAt }]) => intendedAt < before)
    for (const [key] of doomed) this.#rows.delete(key)
    return doomed.length
  }

  /** Within a change of branches. */
  forget(branch: number): void {
    for (const [key, row] of this.#rows) if (row.branch === branch) this.#rows.delete(key)
  }

  #intended(call: CallIntent): JournaledCall {
    const known = this.#rows.get(keyOf(call))
    if (known !== undefined) return known
    this.#last += 1
    return this.#keep({
      ...call,
      sequence: this.#last,
      status: 'intended',
      answer: null,
      error: null,
      attempts: 0,
      intendedAt: this.#now(),
      settledAt: null,
    })
  }

  #keep(row: JournaledCall): JournaledCall {
    const kept = Object.freeze(row)
    this.#rows.set(keyOf(row), kept)
    return kept
  }
}

function keyOf({ branch, tenant, caller, external, hash, number }: CallKey): string {
  const { kind, name, id, series } = caller
  return JSON.stringify([branch, tenant, kind, name, id, series, external, hash, number])
}
