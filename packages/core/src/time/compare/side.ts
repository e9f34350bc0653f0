import type { Overlay } from '../../amend/overlay.ts'
import { StreamHistory } from '../../amend/stream-history.ts'
import { decodeReason, eventsOf } from '../../handle/answers.ts'
import { findEvent } from '../../log/find-event.ts'
import { type EventRow, mainBranch } from '../../log/port.ts'
import type { CommandRow, Store } from '../../log/store.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import type { ViewReader } from '../../view/reader.ts'
import { type DecidedAgain, readDecided } from '../replay/decisions.ts'
import type { CommandSide } from './difference.ts'

export interface SideParts {
  /** Of the log; 0: main. */
  readonly id: number
  readonly name: string
  readonly tenant: string
  /** A store of which main is this side. */
  readonly store: Pick<Store, 'log' | 'commands'>
  /** The last position that is compared. */
  readonly head: number
  readonly decode: (row: EventRow) => RecordedEvent
  readonly codec: PayloadCodec
  readonly state: (stream: string) => Promise<{ readonly state: unknown }>
  readonly view: (name: string) => ViewReader<unknown>
}

/** One of the histories that are compared: its events as they count there, and what it decided. */
export class HistorySide {
  readonly id: number
  readonly name: string
  readonly head: number
  readonly state: SideParts['state']
  readonly view: SideParts['view']
  readonly #parts: SideParts
  readonly #history: StreamHistory
  /** By stream. */
  readonly #overlays = new Map<string, Promise<Overlay>>()

  constructor(parts: SideParts) {
    this.id = parts.id
    this.name = parts.name
    this.head = parts.head
    this.state = parts.state
    this.view = parts.view
    this.#parts = parts
    this.#history = new StreamHistory(parts.store.log, parts.decode)
  }

  /** An event as it was recorded, or inserted; undefined: this side has none of this id. */
  find(id: string): Promise<EventRow | undefined> {
    return findEvent(this.#parts.store, this.#parts.tenant, id)
  }

  /** An event as it counts; undefined: it doesn't. */
  async standing(id: string): Promise<RecordedEvent | undefined> {
    const row = await this.find(id)
    return row && this.#standing(row)
  }

  /** All that ever stood in the place of an event. */
  async versions(id: string): Promise<readonly RecordedEvent[]> {
    const row = await this.find(id)
    if (row === undefined) return []
    return (await this.#overlayOf(row.stream)).versions(row).map((version) => this.#parts.decode(version))
  }

  /** What a command recorded, as it counts. @param which only what it inserted into the past, or all */
  async recorded(command: CommandRow, which: 'all' | 'inserted' = 'all'): Promise<CommandSide['events']> {
    const events: { type: string; stream: string; data: unknown }[] = []
    for (const row of await eventsOf(this.#parts.store.log, command)) {
      if (which === 'inserted' && this.#history.amendment(row).edit !== 'insert') continue
      const event = await this.#standing(row)
      if (event !== undefined) events.push({ type: event.type, stream: event.stream, data: event.data })
    }
    return events
  }

  /** A command by its id. */
  command(id: string): Promise<CommandRow | undefined> {
    const { store, tenant } = this.#parts
    return store.commands.find(mainBranch, tenant, id)
  }

  /** What the row of a command says that was decided again. */
  decidedOf(row: CommandRow): DecidedAgain {
    return readDecided(this.#parts.codec, row)
  }

  reasonOf(command: CommandRow): unknown {
    return decodeReason(this.#parts.codec, command)
  }

  payloadOf({ type, payload }: CommandRow): unknown {
    return this.#parts.codec.decode('command', type, 1, payload)
  }

  /** Commands after a sequence, in their order. */
  commands(after: number, limit: number): Promise<readonly CommandRow[]> {
    const { store, tenant } = this.#parts
    return store.commands.read({ branch: mainBranch, tenant, after, limit })
  }

  async #standing(row: EventRow): Promise<RecordedEvent | undefined> {
    const standing = (await this.#overlayOf(row.stream)).standing(row)
    return standing && this.#parts.decode(standing)
  }

  #overlayOf(stream: string): Promise<Overlay> {
    let overlay = this.#overlays.get(stream)
    if (overlay === undefined) {
      const { tenant, head } = this.#parts
      overlay = this.#history.amendmentsOf({ tenant, stream, known: head }).then((range) => range.overlay)
      this.#overlays.set(stream, overlay)
    }
    return overlay
  }
}
