import { isDeepStrictEqual } from 'node:util'
import { compareSlots, type Slot } from '../../amend/place.ts'
import { decodeReads, type Reads } from '../../handle/answers.ts'
import type { Outcome } from '../../handle/outcome.ts'
import { findEvent } from '../../log/find-event.ts'
import { type EventRow, type EventToAppend, mainBranch } from '../../log/port.ts'
import type { CommandRow } from '../../log/store.ts'
import { type ErrorCode, isHeadwaterError } from '../../message/errors.ts'
import { eventId } from '../../message/identity.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { sequenceBefore } from '../command-place.ts'
import { Agenda } from './agenda.ts'
import { AmendedStreams } from './amended-streams.ts'
import { Corrections } from './corrections.ts'
import { type DecidedAs, SlotDecider } from './decider.ts'
import { Decisions } from './decisions.ts'
import { DirtyStreams } from './dirty-streams.ts'
import { asRecorded, behind, LoggedCommands, type Looked, streamOf } from './logged-commands.ts'
import type { ReplayParts } from './parts.ts'
import { Reactions, type Sent } from './reactions.ts'
import { ReadSets } from './read-set.ts'
import { reconcile } from './reconcile.ts'
import {
  type ReplayCause,
  type ReplayedDecisions,
  type ReplayedOutcome,
  type ReplayOptions,
  Tally,
  whyOf,
} from './report.ts'

const pageSize = 500

/** What is looked at beside the commands of the log. */
type Due =
  /** An event of which somebody has said something. */
  | { readonly kind: 'event'; readonly row: EventRow }
  /** A command that a replay was the first to send. */
  | { readonly kind: 'follower'; readonly id: string; readonly row: CommandRow | undefined }

/**
 * Replays decisions on a branch, in the order of the command log, from the first amendment on: commands that read something
 * that is another one now are decided again, as of where they stand. What they come to otherwise is said about their events
 * in amendments on the branch, which makes further streams dirty, and so on to the end.
 */
export class DecisionsReplay {
  readonly #parts: ReplayParts
  readonly #options: ReplayOptions
  readonly #tenant: string
  readonly #tally = new Tally()
  readonly #decisions: Decisions
  readonly #amended: AmendedStreams
  readonly #streams: DirtyStreams
  readonly #readSets: ReadSets
  readonly #decider: SlotDecider
  readonly #commands: LoggedCommands
  readonly #corrections: Corrections
  readonly #reactions: Reactions
  readonly #agenda = new Agenda<Due>()
  /** How many commands follow at a slot. */
  readonly #followers = new Map<string, number>()
  #head = 0
  /** The last position that was recorded by then. */
  #position = 0
  /** Of the command that is looked at. */
  #sequence = 0
  /** Where what follows from the present command stands. */
  #here: Slot = { slot: 0, order: [0] }

  constructor(parts: ReplayParts, options: ReplayOptions) {
    const { store, codec, history, feed, states, branch, externals, subscriptions, closing } = parts
    const { tenant } = branch
    this.#parts = parts
    this.#options = options
    this.#tenant = tenant
    this.#decisions = new Decisions({ commands: store.commands, codec, tenant })
    const decisions = this.#decisions
    this.#amended = new AmendedStreams({ ...store, history, decisions, tenant })
    const amended = this.#amended
    const decode = (row: EventRow): RecordedEvent => feed.decode(row)
    this.#streams = new DirtyStreams({ log: store.log, decode, states, amended, tenant })
    this.#readSets = new ReadSets({ ...parts, tenant }, this.#streams)
    this.#commands = new LoggedCommands(parts, this.#amended, this.#streams)
    this.#decider = new SlotDecider({ ...parts, streams: this.#streams, tenant })
    this.#corrections = new Corrections({ ...parts, ...store, amended, decisions, tenant, base: branch.base })
    this.#reactions = new Reactions({
      subscriptions,
      externals,
      signal: closing,
      onSent: (sent) => this.#sent(sent),
      onFailed: (subscription, event, error) => this.#failed(subscription, event, error),
    })
  }

  /** @throws HeadwaterError `replay.moved`; the signal's reason where it is aborted */
  async run(): Promise<ReplayedDecisions> {
    const { store, branch } = this.#parts
    this.#head = (await store.log.head(mainBranch)).position
    await this.#amended.read(this.#head)
    await this.#decisions.read(branch.sequence)
    const { first } = this.#amended
    const from = this.#options.from ?? (this.#options.all === true ? 1 : first)
    if (!Number.isFinite(from)) return this.#tally.report(null)
    await this.#prepare()
    this.#sequence = await sequenceBefore(store.commands, mainBranch, from)
    for (let after = this.#sequence; ; ) {
      const query = { branch: mainBranch, tenant: this.#tenant, after, limit: pageSize }
      const rows = await store.commands.read(query)
      for (const row of rows) await this.#pass(row)
      after = rows.at(-1)?.sequence ?? after
      this.#progress()
      if (rows.length < pageSize) break
    }
    await this.#due(undefined)
    return this.#tally.report(from)
  }

  async #prepare(): Promise<void> {
    const { commands } = this.#parts.store
    for (const row of this.#amended.edited) {
      const own = this.#amended.slotOf(row)
      const command =
        own === undefined ? await commands.find(mainBranch, this.#tenant, row.commandId) : undefined
      const slot = own ?? (command === undefined ? { slot: row.position, order: [0] } : behind(command))
      this.#agenda.add(slot, { kind: 'event', row })
    }
    for (const [id, { row, slot }] of this.#decisions.followers) {
      this.#agenda.add(slot, { kind: 'follower', id, row })
      const number = slot.order.at(-1) ?? 0
      const key = keyOf({ ...slot, order: slot.order.slice(0, -1) })
      this.#followers.set(key, Math.max(number, this.#followers.get(key) ?? 0))
    }
  }

  async #pass(row: CommandRow): Promise<void> {
    this.#options.signal?.throwIfAborted()
    this.#parts.closing.throwIfAborted()
    const isOurs = row.type.startsWith('$') || this.#decisions.followers.has(row.id)
    if (!isOurs && (row.position ?? 0) <= this.#head) {
      this.#tally.commands.looked += 1
      const reads = decodeReads(row.reads)
      // Most commands have nothing to do with what is amended: they are passed without waiting for anything.
      if (!this.#isPassedBy(row, reads)) await this.#visit(row, reads)
    }
    if (row.position !== null) this.#position = row.position + row.events - 1
  }

  /** Whether there is no reason to look at a command any closer, and nothing else is to be done before it. */
  #isPassedBy(row: CommandRow, reads: Reads): boolean {
    const { causationId: cause, actor, id } = row
    if (this.#options.all === true || this.#decisions.has(id) || this.#commands.mayBeTouched(row, reads))
      return false
    if (cause !== null && (this.#amended.targetOf(cause) !== undefined || this.#reactions.pureBy(actor)))
      return false
    if (this.#agenda.has(this.#commands.slotOfUntouched(row, this.#position))) return false
    this.#sequence = row.sequence
    return true
  }

  async #visit(row: CommandRow, reads: Reads): Promise<void> {
    const slot = await this.#commands.slotOf(row, reads, this.#position)
    await this.#due(slot)
    this.#sequence = row.sequence
    this.#here = row.position === null ? slot : behind(row)
    const { causationId: cause, actor } = row
    const subscription = this.#reactions.pureBy(actor)
    let sent: Sent | undefined
    if (cause !== null) {
      const target = this.#amended.targetOf(cause)
      const isRunning = subscription !== undefined && this.#reactions.isRunning(subscription, cause)
      if (isRunning) sent = this.#reactions.take(row.id)
      const isSentNoMore = isRunning
        ? sent === undefined
        : this.#isOther(target) && subscription !== undefined
      if (isSentNoMore || (target !== undefined && this.#amended.standing(target) === undefined))
        return this.#drop(await this.#commands.look(row), { kind: 'event', event: cause })
    }
    await this.#reconsider(row, reads, slot, sent)
  }

  /** Decides a command of the log again, if there is reason to. */
  async #reconsider(row: CommandRow, reads: Reads, slot: Slot, sent: Sent | undefined): Promise<void> {
    let because: ReplayCause | undefined
    let decided: DecidedAs | undefined
    try {
      because = await this.#reasonOf(row, reads, slot, sent)
      if (because === undefined && !this.#decisions.has(row.id)) return
      if (because !== undefined)
        decided = await this.#decider.decide(await this.#commands.again(row, reads, sent), slot)
    } catch (error) {
      this.#leave(row, error)
      await sent?.answer(await this.#parts.answers.outcome(row))
      return
    }
    if (decided !== undefined) this.#tally.commands.decided += 1
    const looked = await this.#commands.look(row)
    const outcome = decided?.outcome ?? this.#decisions.originalOf(row)
    const events = decided?.events ?? asRecorded(looked.made)
    await this.#settle(looked, outcome, events, because ?? { kind: 'clean' }, undefined)
    if (sent !== undefined) await sent.answer(await this.#commands.outcomeOf(row, outcome))
    else if (!isDeepStrictEqual(outcome, this.#decisions.originalOf(row))) await this.#goOn(row)
  }

  async #reasonOf(
    row: CommandRow,
    reads: Reads,
    slot: Slot,
    sent: Sent | undefined,
  ): Promise<ReplayCause | undefined> {
    if (sent !== undefined) return { kind: 'event', event: sent.cause.id }
    if (this.#options.all === true) return { kind: 'asked' }
    return this.#readSets.dirtyBy(row, reads, slot)
  }

  /** A command that a replay was the first to send: it is sent again, or no more. */
  async #follow(id: string, row: CommandRow | undefined, slot: Slot): Promise<void> {
    const sent = this.#reactions.take(id)
    const inserted = this.#amended.insertedFor(id).map((one) => this.#amended.made(one, true))
    const made = inserted.filter((one) => isAt(this.#amended.slotOf(one.row), slot))
    const { actor = null, correlationId = null } = sent ?? row ?? {}
    const looked = {
      id,
      type: sent?.message.type ?? row?.type ?? '',
      actor,
      correlationId,
      row,
      made,
      behind: slot,
    }
    const cause = sent?.cause.id ?? row?.causationId ?? ''
    if (sent === undefined) return this.#drop(looked, { kind: 'event', event: cause })
    let decided: DecidedAs
    try {
      const { message, cause: event } = sent
      const now = event.occurredAt.getTime()
      const again = { id, message, actor, correlationId, causationId: event.id, now, revision: undefined }
      decided = await this.#decider.decide(again, slot)
    } catch (error) {
      return this.#leave(looked, error)
    }
    this.#tally.commands.decided += 1
    const { outcome, events, command } = decided
    const placed = { ...command, reads: JSON.stringify({ ...decodeReads(command.reads), at: slot }) }
    const isNew = row === undefined
    await this.#settle(looked, outcome, events, { kind: 'event', event: cause }, isNew ? placed : undefined)
    const known = row ?? (await this.#parts.store.commands.find(mainBranch, this.#tenant, id))
    if (known !== undefined) await sent.answer(await this.#commands.outcomeOf(known, outcome))
  }

  async #drop(looked: Looked, because: ReplayCause): Promise<void> {
    if (looked.row === undefined) return
    await this.#settle(looked, { status: 'dropped', reason: null }, new Map(), because, undefined)
  }

  /** Says about a command's events what makes them what it decides, and lets follow what follows from that. */
  async #settle(
    looked: Looked,
    outcome: ReplayedOutcome,
    events: ReadonlyMap<string, readonly EventToAppend[]>,
    because: ReplayCause,
    command: DecidedAs['command'] | undefined,
  ): Promise<void> {
    const { id, type, actor, correlationId, row } = looked
    const streams = new Map<string, ReturnType<typeof reconcile>>()
    for (const stream of new Set([...looked.made.map((made) => made.row.stream), ...events.keys()])) {
      const made = looked.made.filter((one) => one.row.stream === stream)
      streams.set(stream, reconcile(made, events.get(stream) ?? [], this.#commands.isSame))
    }
    const corrections = [...streams.values()].flat()
    const before = row === undefined ? null : this.#decisions.outcomeOf(row)
    const isOther = !isDeepStrictEqual(before, outcome)
    if (corrections.length > 0 || isOther) {
      const why = whyOf(outcome)
      const given = { id, actor, correlationId, outcome, why, slot: looked.behind, streams, command }
      const recorded = await this.#corrections.record(given)
      this.#tally.commands.changed += 1
      for (const { edit } of corrections) this.#tally.events[counted[edit]] += 1
      if (isOther) {
        const stream = [...events.keys()][0] ?? looked.made[0]?.row.stream ?? null
        this.#tally.changed({
          id,
          type,
          stream: stream ?? (row === undefined ? null : streamOf(row)),
          before,
          after: outcome,
          because,
        })
      }
      const inserted = recorded.filter(
        (one) => this.#amended.targetOf(eventId(one.commandId, one.ordinal)) === one,
      )
      for (const one of inserted) await this.#react(one)
      if (this.#tally.commands.changed % 50 === 0) this.#progress()
    }
    for (const { row: one } of looked.made) await this.#react(one)
  }

  /** Runs what reacts to an event, if that is another one now. */
  async #react(row: EventRow): Promise<void> {
    const standing = this.#amended.standing(row)
    if (standing === undefined || standing === row) return
    const event = this.#parts.feed.decode(standing)
    for (const subscription of this.#reactions.to(event.type)) {
      if (subscription.isPure) await this.#reactions.start(subscription, event, this.#knownOutcome)
      else this.#tally.heldBack({ subscription: subscription.name, event: event.id, type: event.type })
    }
  }

  /** What goes by the outcome of a command goes on otherwise. */
  async #goOn({ causationId, actor }: CommandRow): Promise<void> {
    const { store, feed } = this.#parts
    if (causationId === null || actor?.startsWith('subscription:') !== true) return
    const row = this.#amended.targetOf(causationId) ?? (await findEvent(store, this.#tenant, causationId))
    const standing = row && this.#amended.standing(row)
    if (standing === undefined) return
    const event = feed.decode(standing)
    const subscription = this.#reactions.pureBy(actor)
    // The present command is known by now, too.
    if (subscription !== undefined) await this.#reactions.start(subscription, event, this.#knownOutcome)
    else
      this.#tally.heldBack({
        subscription: actor.slice('subscription:'.length),
        event: event.id,
        type: event.type,
      })
  }

  /** A subscription has sent a command: it waits for its turn, which is that of then if it was sent before. */
  async #sent({ id }: Sent): Promise<void> {
    const follower = this.#decisions.followers.get(id)
    if (follower !== undefined && compareSlots(follower.slot, this.#here) >= 0) return
    const row = follower?.row ?? (await this.#parts.store.commands.find(mainBranch, this.#tenant, id))
    if (row !== undefined && follower === undefined && row.sequence > this.#sequence) return
    const key = keyOf(this.#here)
    const number = (this.#followers.get(key) ?? 0) + 1
    this.#followers.set(key, number)
    const slot = { ...this.#here, order: [...this.#here.order, number] }
    this.#agenda.add(slot, { kind: 'follower', id, row })
  }

  readonly #knownOutcome = async (id: string): Promise<Outcome | undefined> => {
    const row = await this.#parts.store.commands.find(mainBranch, this.#tenant, id)
    if (row === undefined || this.#decisions.followers.has(id) || row.sequence > this.#sequence)
      return undefined
    return this.#commands.outcomeOf(row, this.#decisions.outcomeOf(row))
  }

  async #due(before: Slot | undefined): Promise<void> {
    for (let due = this.#agenda.next(before); due !== undefined; due = this.#agenda.next(before)) {
      this.#options.signal?.throwIfAborted()
      const { slot, item } = due
      this.#here = slot
      if (item.kind === 'event') await this.#react(item.row)
      else await this.#follow(item.id, item.row, slot)
    }
  }

  #isOther(target: EventRow | undefined): boolean {
    return target !== undefined && this.#amended.standing(target) !== target
  }

  /** @throws what is no fault of the command's */
  #leave({ id, type }: Pick<Looked, 'id' | 'type'>, error: unknown): void {
    if (!isHeadwaterError(error) || !reasonsToLeave.has(error.code)) throw error
    this.#tally.left({ id, type, code: error.code, message: error.message })
  }

  #failed(subscription: string, { id }: RecordedEvent, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#tally.left({ id, type: `subscription:${subscription}`, code: 'subscription.failed', message })
  }

  #progress(): void {
    const { looked, decided, changed } = this.#tally.commands
    const position = Math.min(this.#position, this.#head)
    this.#options.onProgress?.({ position, of: this.#head, looked, decided, changed })
  }
}

const reasonsToLeave: ReadonlySet<string> = new Set<ErrorCode>([
  'amendment.unfoldable',
  'branch.main-only',
  'command.invalid',
  'command.unknown',
  'event.newer-version',
  'external.blocked',
])

const counted = { omit: 'omitted', replace: 'replaced', insert: 'inserted', restore: 'restored' } as const

function keyOf({ slot, order }: Slot): string {
  return `${slot}/${order.join('.')}`
}

function isAt(place: Slot | undefined, slot: Slot): boolean {
  return place !== undefined && compareSlots(place, slot) === 0
}
