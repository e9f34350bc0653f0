import { type Amendment, amendmentToAppend, decidedType, isAmendment } from '../../amend/amendment.ts'
import type { Slot } from '../../amend/place.ts'
import type { StreamHistory } from '../../amend/stream-history.ts'
import type { Recorder } from '../../handle/recorder.ts'
import {
  type AppendRequest,
  type CommandToLog,
  type EventRow,
  type EventToAppend,
  type Log,
  mainBranch,
} from '../../log/port.ts'
import type { Snapshots } from '../../log/snapshots.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { eventId } from '../../message/identity.ts'
import { fieldsOf } from '../../message/recorded.ts'
import type { AmendedStreams } from './amended-streams.ts'
import type { DecidedAgain, Decisions } from './decisions.ts'
import type { Correction } from './reconcile.ts'
import type { ReplayedOutcome } from './report.ts'

const mostAttempts = 20
const pageSize = 100

export interface CorrectionParts {
  readonly log: Pick<Log, 'readStream'>
  readonly snapshots: Pick<Snapshots, 'drop'>
  readonly recorder: Recorder
  readonly codec: PayloadCodec
  readonly history: Pick<StreamHistory, 'amendment'>
  readonly amended: AmendedStreams
  readonly decisions: Decisions
  readonly tenant: string
  /** Up to this position the past is shared. */
  readonly base: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** What is to be recorded of a command that was decided again. */
export interface ToCorrect {
  readonly id: string
  readonly actor: string | null
  readonly correlationId: string | null
  readonly outcome: ReplayedOutcome
  /** Kept with each amendment. */
  readonly why: string
  /** Where its further events stand. */
  readonly slot: Slot
  readonly streams: ReadonlyMap<string, readonly Correction[]>
  /** It was never sent before: it is recorded as itself. */
  readonly command: CommandToLog | undefined
}

/** Records on the branch what commands have come to, each in one append with what it says about events. */
export class Corrections {
  readonly #parts: CorrectionParts
  /** The last revisions of streams. */
  readonly #revisions = new Map<string, number>()

  constructor(parts: CorrectionParts) {
    this.#parts = parts
  }

  /**
   * First what is said about the past that the branch shares, then what is added to its own events, then what else is said
   * about them: so that a merge can take over each without the others.
   *
   * @returns the rows of what was recorded
   * @throws HeadwaterError `replay.moved`
   */
  async record(given: ToCorrect): Promise<readonly EventRow[]> {
    const { base } = this.#parts
    const isInsert = ({ edit }: Correction): boolean => edit === 'insert'
    const isShared = (correction: Correction): boolean =>
      ('row' in correction ? correction.row.position : given.slot.slot) <= base
    const parts = [
      of(given.streams, isShared),
      of(given.streams, (correction) => !isShared(correction) && isInsert(correction)),
      of(given.streams, (correction) => !isShared(correction) && !isInsert(correction)),
    ].filter(({ size }) => size > 0)
    const rows: EventRow[] = []
    let { command } = given
    for (const streams of parts.length === 0 ? [none] : parts) {
      rows.push(...(await this.#append({ ...given, streams, command })))
      command = undefined
    }
    return rows
  }

  async #append(given: ToCorrect): Promise<readonly EventRow[]> {
    const { recorder, decisions, tenant, snapshots } = this.#parts
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const { result, events } = await recorder.record(await this.#requestOf(given))
      if (result.status === 'appended') {
        const rows = events.map((event) => fieldsOf(event) as EventRow)
        for (const row of rows) this.#take(row, given.id)
        for (const stream of new Set(rows.map((row) => row.stream)))
          await snapshots.drop({ branch: mainBranch, tenant, stream })
        if (given.command === undefined) decisions.note(given.id, given.outcome)
        return rows
      }
      if (result.status === 'duplicate') {
        if (given.command !== undefined) break
        decisions.skip(given.id)
      } else if (result.status === 'conflict') await this.#requireUnamended(result.stream)
      else break
    }
    throw moved()
  }

  #take(row: EventRow, command: string): void {
    const { amended, history } = this.#parts
    const amendment = history.amendment(row)
    const { id } = amendment.target
    const target = amendment.edit === 'insert' ? row : id === null ? undefined : amended.targetOf(id)
    amended.add(amendment, target ?? this.#targets.get(amendment.target.position), command)
    this.#revisions.set(row.stream, row.revision)
  }

  /** Of what is recorded right now, by position. */
  readonly #targets = new Map<number, EventRow>()

  async #requestOf(given: ToCorrect): Promise<AppendRequest> {
    const { codec, decisions, tenant, now } = this.#parts
    const { id, actor, correlationId, outcome, command } = given
    const at = now()
    const streams: AppendRequest['streams'][number][] = []
    this.#targets.clear()
    for (const [stream, corrections] of given.streams) {
      const events: EventToAppend[] = []
      for (const correction of corrections)
        events.push(amendmentToAppend(codec, await this.#amendmentOf(stream, correction, given), at))
      streams.push({ stream, expected: await this.#revisionOf(stream), events })
    }
    const payload: DecidedAgain = { command: id, outcome: outcome.status }
    return {
      tenant,
      branch: mainBranch,
      commandId: command === undefined ? decisions.nextId(id) : id,
      actor,
      correlationId: correlationId ?? id,
      causationId: id,
      streams,
      conditions: [],
      documents: [],
      command: command ?? {
        type: decidedType,
        payload: codec.encode('command', decidedType, 1, payload),
        status: outcome.status === 'rejected' ? 'rejected' : 'accepted',
        reason: outcome.reason === null ? null : codec.encode('rejection', decidedType, 1, outcome.reason),
        causationId: null,
        reads: JSON.stringify({ streams: streams.map(({ stream, expected }) => [stream, expected]) }),
      },
    }
  }

  async #amendmentOf(
    stream: string,
    correction: Correction,
    { slot, why }: ToCorrect,
  ): Promise<Omit<Amendment, 'row'>> {
    if (correction.edit === 'insert') {
      const target = { ...(await this.#lastBefore(stream, slot.slot)), at: slot }
      return { target, edit: 'insert', why, content: contentOf(correction.event) }
    }
    const { row, edit } = correction
    const { position, revision } = row
    this.#targets.set(position, row)
    const type = isAmendment(row) ? (this.#parts.history.amendment(row).content?.type ?? row.type) : row.type
    const target = { id: eventId(row.commandId, row.ordinal), type, revision, position }
    return { target, edit, why, content: edit === 'replace' ? contentOf(correction.event) : undefined }
  }

  /** The last record of a stream up to a position that is no amendment, or its beginning. */
  async #lastBefore(stream: string, to: number): Promise<Amendment['target']> {
    const { log, tenant } = this.#parts
    const query = { branch: mainBranch, tenant, stream, to }
    const { revision } = await log.readStream({ ...query, after: Number.MAX_SAFE_INTEGER, limit: 1 })
    for (let last = revision; last > 0; last -= pageSize) {
      const after = Math.max(0, last - pageSize)
      const { events } = await log.readStream({ ...query, after, limit: last - after })
      const row = events.findLast((event) => !isAmendment(event))
      if (row === undefined) continue
      const { type, position } = row
      return { id: eventId(row.commandId, row.ordinal), type, revision: row.revision, position }
    }
    return { id: null, type: null, revision: 0, position: to }
  }

  async #revisionOf(stream: string): Promise<number> {
    const known = this.#revisions.get(stream)
    if (known !== undefined) return known
    const { log, tenant } = this.#parts
    const query = { branch: mainBranch, tenant, stream, after: Number.MAX_SAFE_INTEGER, limit: 1 }
    const { revision } = await log.readStream(query)
    this.#revisions.set(stream, revision)
    return revision
  }

  /** What was recorded meanwhile stands behind all that is decided again, unless it says something about the past. */
  async #requireUnamended(stream: string): Promise<void> {
    const { log, tenant } = this.#parts
    let after = this.#revisions.get(stream) ?? 0
    for (;;) {
      const query = { branch: mainBranch, tenant, stream, after, limit: pageSize }
      const { events, revision } = await log.readStream(query)
      if (events.some(isAmendment)) throw moved()
      after = events.at(-1)?.revision ?? revision
      if (after >= revision) break
    }
    this.#revisions.set(stream, after)
  }
}

const none: ToCorrect['streams'] = new Map()

function of(streams: ToCorrect['streams'], which: (correction: Correction) => boolean): ToCorrect['streams'] {
  const chosen = [...streams].map(([stream, corrections]) => [stream, corrections.filter(which)] as const)
  return new Map(chosen.filter(([, corrections]) => corrections.length > 0))
}

function contentOf({ type, version, data, occurredAt }: EventToAppend): NonNullable<Amendment['content']> {
  return { type, version, data, occurredAt }
}

function moved(): HeadwaterError {
  return new HeadwaterError('replay.moved', 'The branch was amended while its decisions were replayed')
}
