import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { parse } from '../message/schema.ts'
import { noTenant, scopeNamed, tenantNamed, type TenantScope } from '../message/tenant.ts'
import type { LogFeed } from '../log/feed.ts'
import type { ParkedEvent, SequenceKey } from '../log/parking.ts'
import { mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import { type ActOptions, actOf } from './act.ts'
import type { ProcessorPlan } from './plan.ts'
import { readParked } from './retry-parked.ts'

export interface ParkedPlace {
  /** The key by which it waits: a stream, or a view's key. */
  readonly sequence: string
  readonly position: number
  /** Default: none. */
  readonly tenant?: string
}

/** An event that could not be processed, or that waits behind one that could not. */
export interface ParkedEventSummary {
  readonly tenant: string
  readonly sequence: string
  readonly position: number
  /** How often it was tried; 0: it waits behind another. */
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: Date
  readonly isEdited: boolean
}

/** The events that are parked for one key. */
export interface ParkedSequenceSummary {
  readonly tenant: string
  readonly sequence: string
  /** Its first event, on which it waits. */
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: Date
  /** How many there are; no more than 10,000 are counted. */
  readonly events: number
  /** It will be tried again as soon as a process has its turn. */
  readonly isAsked: boolean
}

export interface ParkedEventDetail extends ParkedEventSummary {
  /** As it was recorded. */
  readonly event: RecordedEvent
  /** What it is processed with: its own data, or what it was edited to. */
  readonly data: unknown
  readonly edit: { readonly actor: string | null; readonly why: string | null; readonly at: Date } | undefined
  /** How many events of its sequence wait behind it; no more than 10,000 are counted. */
  readonly behind: number
}

/** What an operator can do with the events that a processor had to leave aside. */
export interface ParkedDesk {
  /** In the order of positions. */
  list(
    options?: TenantScope & { readonly sequence?: string; readonly after?: number; readonly limit?: number },
  ): Promise<readonly ParkedEventSummary[]>
  sequences(
    options?: TenantScope & { readonly after?: SequenceKey; readonly limit?: number },
  ): Promise<readonly ParkedSequenceSummary[]>
  /** @throws HeadwaterError `processor.not-parked` */
  show(place: ParkedPlace): Promise<ParkedEventDetail>
  /**
   * Gives a parked event other data, for this processor only: the log is not changed, nor what others see.
   *
   * @throws HeadwaterError `processor.not-parked`, `processor.conflict`, `event.invalid`
   */
  edit(edit: ParkedPlace & ActOptions & { readonly data: unknown; readonly why: string }): Promise<void>
  /**
   * Asks that parked sequences be tried again, each in order from its first event on, by whichever process runs them.
   *
   * @returns how many were asked for
   */
  retry(options?: TenantScope & ActOptions & { readonly sequence?: string }): Promise<number>
  /**
   * Takes parked events away without processing them: one, or all of the sequence that are there now. Those behind go on.
   *
   * @returns how many were dropped
   * @throws HeadwaterError `processor.not-parked`
   */
  drop(
    drop: ActOptions & {
      readonly sequence: string
      readonly position?: number
      readonly tenant?: string
      readonly why: string
    },
  ): Promise<number>
}

export interface DeskParts {
  readonly plan: ProcessorPlan
  readonly store: Store
  readonly feed: LogFeed
  readonly codec: PayloadCodec
  readonly now: () => number
  /** Lets those who run the processor here know that something was said. */
  readonly tell: () => Promise<void>
}

/** Events and sequences that are changed in one transaction. */
const stride = 500
const mostCounted = 10_000

export class StoredParkedDesk implements ParkedDesk {
  readonly #parts: DeskParts
  readonly #place: { readonly processor: string; readonly branch: number }

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#place = { processor: parts.plan.name, branch: mainBranch }
  }

  async list({ sequence, after, limit = 100, ...scope }: Parameters<ParkedDesk['list']>[0] = {}) {
    const rows = await this.#parts.store.parking.list({
      ...this.#place,
      ...tenantOf(scope),
      ...(sequence !== undefined && { sequence }),
      ...(after !== undefined && { after }),
      limit: Math.min(limit, 1_000),
    })
    return rows.map(summaryOf)
  }

  async sequences({ after, limit = 100, ...scope }: Parameters<ParkedDesk['sequences']>[0] = {}) {
    const rows = await this.#parts.store.parking.sequences({
      ...this.#place,
      ...tenantOf(scope),
      slots: allSlots,
      ...(after !== undefined && { after }),
      mostEvents: mostCounted,
      limit: Math.min(limit, 1_000),
    })
    return rows.map(({ parkedAt, ...row }) => ({ ...row, parkedAt: new Date(parkedAt) }))
  }

  async show(place: ParkedPlace): Promise<ParkedEventDetail> {
    const { store, feed } = this.#parts
    const parked = await this.#find(place)
    const { event, original } = await readParked(store, feed, parked)
    const { tenant, sequence, position, edit } = parked
    const behind = await store.parking.list({
      ...this.#place,
      tenant,
      sequence,
      after: position,
      limit: mostCounted,
    })
    return {
      ...summaryOf(parked),
      event: original,
      data: event.data,
      edit: edit && { actor: edit.actor, why: edit.why, at: new Date(edit.at) },
      behind: behind.length,
    }
  }

  async edit({ data, ...edit }: Parameters<ParkedDesk['edit']>[0]): Promise<void> {
    const { plan, store, codec, feed, now, tell } = this.#parts
    const parked = await this.#find(edit)
    const { original } = await readParked(store, feed, parked)
    const type = plan.events.find((known) => known.type === original.type)
    if (type === undefined) throw notParked(this.#place.processor, edit)
    const valid = parse(type.schema, data, 'event.invalid', `Event ${type.type}`)
    const { tenant, sequence, position, edits } = parked
    const isDone = await store.parking.edit(
      {
        ...this.#place,
        tenant,
        sequence,
        position,
        edits,
        data: codec.encode('event', type.type, type.version, valid),
        version: type.version,
      },
      actOf('edit', edit, now(), { tenant, sequence, position }),
    )
    if (!isDone) throw changedMeanwhile(this.#place.processor, edit)
    await tell()
  }

  async retry({ sequence, ...options }: Parameters<ParkedDesk['retry']>[0] = {}): Promise<number> {
    const { store, now, tell } = this.#parts
    const { tenant } = tenantOf(options)
    let asked = 0
    let after: SequenceKey | undefined
    for (;;) {
      const sequences =
        sequence !== undefined && tenant !== undefined
          ? [{ tenant, sequence }]
          : await this.#someSequences(options, after)
      const wanted = sequences.filter((key) => sequence === undefined || key.sequence === sequence)
      const keys = wanted.map((key) => ({ tenant: key.tenant, sequence: key.sequence }))
      const act = actOf('retry', options, now(), { sequences: keys.length, first: keys[0] ?? null })
      if (keys.length > 0) asked += await store.parking.ask({ ...this.#place, sequences: keys }, act)
      after = sequences.at(-1)
      if (sequences.length < stride) break
    }
    if (asked > 0) await tell()
    return asked
  }

  async drop({
    position,
    tenant = noTenant,
    sequence,
    ...drop
  }: Parameters<ParkedDesk['drop']>[0]): Promise<number> {
    const { store, now, tell } = this.#parts
    const key = { tenant: tenantNamed(tenant), sequence }
    // What is parked from now on is not meant.
    const { position: head } = await store.log.head(mainBranch)
    const range = { from: position ?? 0, to: position ?? head }
    const act = actOf('drop', drop, now(), { ...key, ...range })
    let dropped = 0
    for (;;) {
      const count = await store.parking.drop({ ...this.#place, ...key, ...range, limit: stride }, act)
      dropped += count
      if (count < stride) break
    }
    if (dropped === 0)
      throw notParked(this.#place.processor, { ...key, ...(position !== undefined && { position }) })
    await tell()
    return dropped
  }

  #someSequences(scope: TenantScope, after: SequenceKey | undefined): Promise<readonly SequenceKey[]> {
    return this.#parts.store.parking.sequences({
      ...this.#place,
      ...tenantOf(scope),
      slots: allSlots,
      ...(after !== undefined && { after }),
      mostEvents: 1,
      limit: stride,
    })
  }

  /** @throws HeadwaterError `processor.not-parked` */
  async #find({ tenant = noTenant, sequence, position }: ParkedPlace): Promise<ParkedEvent> {
    const query = { ...this.#place, tenant: tenantNamed(tenant), sequence, after: position - 1, limit: 1 }
    const [parked] = await this.#parts.store.parking.list(query)
    if (parked?.position === position) return parked
    throw notParked(this.#place.processor, { tenant, sequence, position })
  }
}

/** @throws HeadwaterError `tenant.invalid-name` */
function tenantOf(scope: TenantScope): { readonly tenant?: string } {
  const tenant = scopeNamed(scope)
  return tenant === undefined ? {} : { tenant }
}

function summaryOf(parked: ParkedEvent): ParkedEventSummary {
  const { tenant, sequence, position, attempts, error, parkedAt, edits } = parked
  return { tenant, sequence, position, attempts, error, parkedAt: new Date(parkedAt), isEdited: edits > 0 }
}

type Named = Partial<ParkedPlace> & Pick<ParkedPlace, 'sequence'>

function notParked(processor: string, { tenant, sequence, position }: Named): HeadwaterError {
  const what = position === undefined ? `Nothing of ${sequence}` : `Position ${position} of ${sequence}`
  return new HeadwaterError('processor.not-parked', `${what} is parked for ${processor}`, {
    details: { processor, tenant, sequence, position },
  })
}

function changedMeanwhile(processor: string, { sequence, position }: ParkedPlace): HeadwaterError {
  return new HeadwaterError(
    'processor.conflict',
    `Position ${position} of ${sequence} was changed since it was read, or is no longer parked for ${processor}`,
  )
}
