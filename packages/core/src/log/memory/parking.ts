import type { Act } from '../controls.ts'
import type {
  AskedQuery,
  ParkedDrop,
  ParkedEdit,
  ParkedEvent,
  ParkedQuery,
  ParkedSequence,
  ParkedSequencesQuery,
  Parking,
  RetryRequest,
  SequenceKey,
} from '../parking.ts'
import { holds, slotOf } from '../slots.ts'
import type { Gate } from './gate.ts'
import { compareSequences, type MemorySequence } from './parked.ts'
import type { MemoryProcessor, MemoryProcessors } from './processors.ts'

export class MemoryParking implements Parking {
  readonly #gate: Gate
  readonly #processors: MemoryProcessors

  constructor(gate: Gate, processors: MemoryProcessors) {
    this.#gate = gate
    this.#processors = processors
  }

  async list({
    processor,
    branch,
    tenant,
    sequence,
    after = 0,
    limit,
  }: ParkedQuery): Promise<readonly ParkedEvent[]> {
    const { parked } = await this.#of(processor, branch)
    const sequences =
      tenant !== undefined && sequence !== undefined ? [parked.find({ tenant, sequence })] : parked.inOrder()
    return sequences
      .filter((one): one is MemorySequence => one !== undefined)
      .filter((one) => tenant === undefined || one.tenant === tenant)
      .filter((one) => sequence === undefined || one.sequence === sequence)
      .flatMap(({ events }) => events.filter(({ position }) => position > after).slice(0, limit))
      .sort((one, other) => one.position - other.position)
      .slice(0, limit)
  }

  async sequences(query: ParkedSequencesQuery): Promise<readonly ParkedSequence[]> {
    const { processor, branch, slots, tenant, after, mostEvents, limit } = query
    const { parked } = await this.#of(processor, branch)
    const last = after && { ...after, slot: slotOf(after.tenant, after.sequence), events: [] }
    return parked
      .inOrder()
      .filter((one) => holds(slots, one.slot) && (tenant === undefined || one.tenant === tenant))
      .filter((one) => last === undefined || compareSequences(one, last) > 0)
      .slice(0, limit)
      .map((one) => summaryOf(one, parked.isAsked(one), mostEvents))
  }

  async count(processor: string, branch: number, most: number): Promise<number> {
    const { parked } = await this.#of(processor, branch)
    const count = parked.inOrder().reduce((sum, { events }) => sum + events.length, 0)
    return Math.min(count, most)
  }

  async edit(
    { processor: name, branch, position, edits, data, version, ...key }: ParkedEdit,
    act: Act,
  ): Promise<boolean> {
    const processor = await this.#of(name, branch)
    const event = processor.parked.get(key, position)
    if (event?.edits !== edits) return false
    const { actor, why, at } = act
    processor.parked.replace({ ...event, edits: edits + 1, edit: { data, version, actor, why, at } })
    this.#processors.note(processor, act)
    return true
  }

  async drop({ processor: name, branch, from, to, limit, ...key }: ParkedDrop, act: Act): Promise<number> {
    const processor = await this.#of(name, branch)
    const dropped = (processor.parked.find(key)?.events ?? [])
      .filter(({ position }) => position >= from && position <= to)
      .slice(0, limit)
    if (dropped.length === 0) return 0
    for (const event of dropped) processor.keep(droppedResult(event, act))
    const positions = new Set(dropped.map(({ position }) => position))
    processor.parked.remove(key, ({ position }) => positions.has(position))
    processor.parked.ask(key)
    this.#processors.note(processor, act)
    return dropped.length
  }

  async ask({ processor: name, branch, sequences }: RetryRequest, act: Act): Promise<number> {
    const processor = await this.#of(name, branch)
    const parked = sequences.filter((key) => processor.parked.find(key) !== undefined)
    for (const key of parked) processor.parked.ask(key)
    if (parked.length > 0) this.#processors.note(processor, act)
    return parked.length
  }

  async asked({ processor, branch, slots, limit }: AskedQuery): Promise<readonly SequenceKey[]> {
    const { parked } = await this.#of(processor, branch)
    return parked
      .asked()
      .filter(({ tenant, sequence }) => holds(slots, slotOf(tenant, sequence)))
      .slice(0, limit)
  }

  async #of(processor: string, branch: number): Promise<MemoryProcessor> {
    await this.#gate.pass()
    return this.#processors.of(processor, branch)
  }
}

function summaryOf(
  { tenant, sequence, events }: MemorySequence,
  isAsked: boolean,
  most: number,
): ParkedSequence {
  const first = events[0]
  if (first === undefined) throw new Error('A sequence without events is none')
  const { position, attempts, error, parkedAt } = first
  const counted = Math.min(events.length, most)
  return { tenant, sequence, position, attempts, error, parkedAt, events: counted, isAsked }
}

function droppedResult(event: ParkedEvent, { actor, why, at }: Act) {
  const { processor, branch, tenant, sequence, position, attempts, error } = event
  const status = 'dropped' as const
  const base = { processor, branch, tenant, sequence, position, status, attempts, result: null, error }
  return { ...base, owner: '', at, actor, why, job: null }
}
