import { decidedType } from '../../amend/amendment.ts'
import type { Slot } from '../../amend/place.ts'
import { decodeReads, decodeReason, type Reads } from '../../handle/answers.ts'
import type { CommandLog, CommandRow } from '../../log/store.ts'
import { mainBranch } from '../../log/port.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import { deriveId } from '../../message/identity.ts'
import type { ReplayedOutcome, ReplayedStatus } from './report.ts'

const pageSize = 500

/** What is kept of a command that was decided again, as the payload of a row of its own. */
export interface DecidedAgain {
  /** The id of the command. */
  readonly command: string
  readonly outcome: ReplayedStatus
}

export function readDecided(codec: PayloadCodec, { type, payload }: CommandRow): DecidedAgain {
  return codec.decode('command', type, 1, payload) as DecidedAgain
}

/** Reads of a command that follows from one that was decided again: where it stands. */
export interface PlacedReads extends Reads {
  readonly at?: Slot
}

export interface DecisionsParts {
  readonly commands: Pick<CommandLog, 'read'>
  readonly codec: PayloadCodec
  readonly tenant: string
}

/** What is known of commands that were decided again before. */
export class Decisions {
  readonly #parts: DecisionsParts
  readonly #known = new Set<string>()
  readonly #outcomes = new Map<string, { readonly sequence: number; readonly outcome: ReplayedOutcome }>()
  readonly #counts = new Map<string, number>()
  /** Commands that were first sent in a replay, by their ids. */
  readonly followers = new Map<string, { readonly row: CommandRow; readonly slot: Slot }>()

  constructor(parts: DecisionsParts) {
    this.#parts = parts
  }

  /** Reads what a branch has decided again itself. @param after the sequence of the last command of its past */
  async read(after: number): Promise<void> {
    const { commands, tenant } = this.#parts
    for (let last = after; ; ) {
      const rows = await commands.read({ branch: mainBranch, tenant, after: last, limit: pageSize })
      for (const row of rows) this.add(row)
      last = rows.at(-1)?.sequence ?? last
      if (rows.length < pageSize) return
    }
  }

  add(row: CommandRow): void {
    const { codec } = this.#parts
    if (row.type !== decidedType) {
      const { at } = decodeReads(row.reads) as PlacedReads
      if (at !== undefined) this.followers.set(row.id, { row, slot: at })
      return
    }
    if (this.#known.has(row.id)) return
    this.#known.add(row.id)
    const { command, outcome } = readDecided(codec, row)
    this.#set(command, { status: outcome, reason: decodeReason(codec, row) }, row.sequence)
  }

  /** The command for which a row was recorded: another one's, or its own. */
  commandOf(row: CommandRow): string {
    return row.type === decidedType ? readDecided(this.#parts.codec, row).command : row.id
  }

  has(command: string): boolean {
    return this.#outcomes.has(command)
  }

  /** What a command has come to, as far as is known. */
  outcomeOf(row: CommandRow): ReplayedOutcome {
    return this.#outcomes.get(row.id)?.outcome ?? this.originalOf(row)
  }

  originalOf(row: CommandRow): ReplayedOutcome {
    return { status: row.status, reason: decodeReason(this.#parts.codec, row) }
  }

  /** The id under which it is recorded that a command is decided again: always the same for the same time. */
  nextId(command: string): string {
    return deriveId('decided', this.#parts.tenant, command, (this.#counts.get(command) ?? 0) + 1)
  }

  /** Takes note of what was just recorded under `nextId`. */
  note(command: string, outcome: ReplayedOutcome): void {
    this.#set(command, outcome, Number.POSITIVE_INFINITY)
  }

  /** Somebody has used `nextId` before. */
  skip(command: string): void {
    this.#counts.set(command, (this.#counts.get(command) ?? 0) + 1)
  }

  #set(command: string, outcome: ReplayedOutcome, sequence: number): void {
    this.skip(command)
    const known = this.#outcomes.get(command)
    if (known === undefined || known.sequence <= sequence) this.#outcomes.set(command, { sequence, outcome })
  }
}
