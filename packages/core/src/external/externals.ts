import type { Clock } from '../log/clock.ts'
import type { CallIntent, Caller, ExternalJournal, JournaledCall } from '../log/external-journal.ts'
import { mainBranch } from '../log/port.ts'
import type { Encoded, PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyExternal, ExternalCall } from '../message/external.ts'
import { deepFreeze } from '../message/freeze.ts'
import type { Answered, AnswerSource, CallToMake } from './answered.ts'
import { attempt, type Attempted } from './attempts.ts'
import { type CallSource, JournaledCalls, type OutsideCalls } from './calls.ts'
import { decodeFailure, encodeFailure } from './call-error.ts'
import { idempotencyKeyOf } from './caller.ts'
import { type ExternalMode, type Reach, stricter } from './mode.ts'
import { CallRecords } from './records.ts'
import { Tally } from './tally.ts'

export interface ExternalsParts {
  readonly externals: ReadonlyMap<string, AnyExternal>
  /** How far each reaches at most; default: `live`. */
  readonly modeOf: (external: string) => ExternalMode
  readonly journal: ExternalJournal
  readonly codec: PayloadCodec
  readonly clock: Clock
  readonly closing: AbortSignal
  /** A branch remembers what it would have needed; main's journal is written by nothing but calls. Default: no. */
  readonly keepsBlocked?: boolean
}

/**
 * Calls the outside for commands, reactions and queries, and keeps a journal of it. The intent is journaled first, then the
 * answer: whoever finds an intent without an answer, after a crash, calls again with the same idempotency key.
 */
export class Externals implements AnswerSource, CallSource {
  readonly tally = new Tally()
  readonly records: CallRecords
  readonly #parts: ExternalsParts
  /** What this process is calling right now: the same call is made once. */
  readonly #underway = new Map<string, Promise<Answered>>()

  constructor(parts: ExternalsParts) {
    this.#parts = parts
    this.records = new CallRecords(parts.codec)
  }

  /** How far an external reaches in this process. */
  modeOf(name: string): ExternalMode {
    return this.#parts.modeOf(name)
  }

  /** @throws HeadwaterError `external.unknown` */
  named(name: string): AnyExternal {
    const external = this.#parts.externals.get(name)
    if (external !== undefined) return external
    throw new HeadwaterError('external.unknown', `This app names no external ${name}`, {
      details: { external: name },
    })
  }

  keyOf(call: ExternalCall): string {
    const external = this.named(call.external)
    return `${external.type}/${this.records.request(external, call.request).hash}`
  }

  callsOf(caller: Caller, reach: Reach, signal?: AbortSignal): OutsideCalls {
    return new JournaledCalls(this, caller, reach, signal)
  }

  async answer({ caller, reach, call, number, signal }: CallToMake): Promise<Answered> {
    const external = this.named(call.external)
    const { hash, request } = this.records.request(external, call.request)
    const { tenant } = reach
    const intent: CallIntent = {
      branch: mainBranch,
      tenant,
      caller,
      external: external.type,
      hash,
      number,
      request,
    }
    const mode = stricter(reach.mode, this.#parts.modeOf(external.type))
    if (mode === 'live') return this.#live(external, intent, call.request, signal)
    const found = mode === 'blocked' ? undefined : await this.#journaled(intent, reach, mode)
    if (found === undefined || found.settledAt === null || found.status === 'blocked')
      return this.#blocked(external, intent, mode)
    this.tally.add(external.type, 'replayed')
    return this.#settled(found)
  }

  #live(
    external: AnyExternal,
    intent: CallIntent,
    request: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Answered> {
    // Of a query, nobody else can be asking for the same answer, and nobody would find its intent.
    if (intent.caller.kind === 'query') return this.#reachOut(external, intent, request, 0, signal)
    const key = idempotencyKeyOf(intent)
    const underway = this.#underway.get(key)
    if (underway !== undefined) return underway
    const answering = this.#once(external, intent, request, signal).finally(() => this.#underway.delete(key))
    this.#underway.set(key, answering)
    return answering
  }

  async #once(
    external: AnyExternal,
    intent: CallIntent,
    request: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Answered> {
    const known = await this.#parts.journal.intend(intent)
    if (known.status !== 'answered') return this.#reachOut(external, intent, request, known.attempts, signal)
    this.tally.add(external.type, 'replayed')
    return this.#settled(known)
  }

  async #reachOut(
    external: AnyExternal,
    intent: CallIntent,
    request: unknown,
    before: number,
    signal: AbortSignal | undefined,
  ): Promise<Answered> {
    const { clock, closing, journal } = this.#parts
    const { type } = external
    const idempotencyKey = idempotencyKeyOf(intent)
    const stop = signal === undefined ? closing : AbortSignal.any([closing, signal])
    const input = { request, idempotencyKey, tenant: intent.tenant, before, signal: stop }
    const began = performance.now()
    this.tally.add(type, 'underway')
    try {
      const attempted = this.#recordable(external, await attempt(external, input, clock))
      const { attempts } = attempted
      this.tally.add(type, 'attempts', attempts)
      const settled = await journal.settle(intent, settlementOf(attempted))
      this.tally.add(type, settled.status === 'answered' ? 'answered' : 'failed')
      // What a replay doesn't get to see, whoever asked does, unless another process was faster.
      if ('encoded' in attempted && external.redact.answer && isSame(attempted.encoded, settled.answer))
        return { sequence: settled.sequence, answer: deepFreeze(attempted.answer) }
      return this.#settled(settled)
    } catch (error) {
      if (closing.aborted && !isHeadwaterError(error))
        throw new HeadwaterError('log.closed', `Closed while ${type} was being called`)
      throw error
    } finally {
      this.tally.add(type, 'underway', -1)
      this.tally.add(type, 'milliseconds', performance.now() - began)
    }
  }

  /** An answer that can't be journaled is none: no replay could give it. */
  #recordable(external: AnyExternal, attempted: Attempted): Recordable {
    if (!('answer' in attempted)) return attempted
    try {
      return { ...attempted, encoded: this.records.answer(external, attempted.answer) }
    } catch (error) {
      if (!isHeadwaterError(error)) throw error
      return { attempts: attempted.attempts, failure: error }
    }
  }

  #journaled(
    intent: CallIntent,
    { at }: Reach,
    mode: 'recorded' | 'replayed',
  ): Promise<JournaledCall | undefined> {
    const { journal } = this.#parts
    // Nobody asks the same asking of a query again.
    const isOfAnybody = mode === 'recorded' || intent.caller.kind === 'query'
    if (!isOfAnybody) return journal.find(intent)
    return journal.latest({ ...intent, at: at ?? Number.MAX_SAFE_INTEGER })
  }

  async #blocked(
    { type }: AnyExternal,
    intent: CallIntent,
    mode: Exclude<ExternalMode, 'live'>,
  ): Promise<Answered> {
    const { journal, clock, keepsBlocked = false } = this.#parts
    const { tenant, caller } = intent
    const why = whyBlocked[mode]
    this.tally.addBlocked({ external: type, tenant, caller, why, at: new Date(clock.now()) })
    const failure = new HeadwaterError('external.blocked', `${type} was not called: ${why}`, {
      details: { external: type, mode, caller },
    })
    if (!keepsBlocked) return { sequence: undefined, failure }
    const error = encodeFailure(failure)
    const { sequence } = await journal.settle(intent, { status: 'blocked', answer: null, error, attempts: 0 })
    return { sequence, failure }
  }

  #settled({ sequence, external, answer, error }: JournaledCall): Answered {
    return answer === null
      ? { sequence, failure: decodeFailure(external, error) }
      : { sequence, answer: this.records.readAnswer(external, answer) }
  }
}

function isSame(one: Encoded, other: Encoded | null): boolean {
  if (typeof one === 'string' || typeof other === 'string' || other === null) return one === other
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

type Recordable = { readonly attempts: number } & (
  | { readonly answer: unknown; readonly encoded: string | Uint8Array }
  | { readonly failure: HeadwaterError }
)

const whyBlocked: Record<Exclude<ExternalMode, 'live'>, string> = {
  recorded: 'the same request had no answer by then',
  replayed: 'this call has no answer in the journal',
  blocked: 'it is blocked here',
}

function settlementOf(attempted: Recordable) {
  const { attempts } = attempted
  return 'encoded' in attempted
    ? { status: 'answered' as const, answer: attempted.encoded, error: null, attempts }
    : { status: 'failed' as const, answer: null, error: encodeFailure(attempted.failure), attempts }
}
