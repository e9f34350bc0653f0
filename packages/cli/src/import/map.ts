import type { CommandMessage, OutputOf, Schema } from '@headwater/core'

/** What a group of rows becomes: the command to send, with its id and the time when it happened. */
export interface MappedCommand {
  readonly kind: 'command'
  readonly command: CommandMessage
  /** Made of what identifies the rows in the world, so that a second import finds what the first one did. */
  readonly id: string
  /** Default: now. */
  readonly occurredAt?: Date
  readonly actor?: string
}

/** Rows that are wrong: they are listed, and stop nothing. */
export interface RefusedRow {
  readonly kind: 'refusal'
  readonly reason: string
  /** Which of the rows, from 0; undefined: all of them. */
  readonly row: number | undefined
}

/** Rows that are right but of no interest. */
export interface Skip {
  readonly kind: 'skip'
}

export type Mapped = MappedCommand | RefusedRow | Skip

/** What rows can become. */
export interface Mapping {
  readonly send: (command: CommandMessage, options: Omit<MappedCommand, 'kind' | 'command'>) => MappedCommand
  /** @param row which of the rows is wrong, from 0; default: all of them */
  readonly refuse: (reason: string, row?: number) => RefusedRow
  readonly skip: () => Skip
}

export interface ImportMapDefinition<S extends Schema> {
  readonly format: 'csv' | 'jsonl'
  /** Of CSV. Default: a comma. */
  readonly delimiter?: string
  /** As the Encoding Standard names it, such as `windows-1252`. Default: `utf-8`. */
  readonly encoding?: string
  /**
   * What a row is like: for CSV, an object of texts by column name. What doesn't match is refused, with the column and
   * the reason; what the schema makes of the rest goes on.
   */
  readonly row: S
  /** The field whose equal values, on consecutive lines, belong to one command. Default: every line for itself. */
  readonly groupBy?: string
  /**
   * What becomes of a group of which lines were refused. `send`: the others go on without them. `refuse`: nothing is sent
   * of it until the file is right. Default: `send`.
   */
  readonly incomplete?: 'send' | 'refuse'
  /** The command that a group of rows stands for. Data that the command's own schema refuses need not be caught here. */
  readonly toCommand: (rows: readonly [OutputOf<S>, ...OutputOf<S>[]], mapping: Mapping) => Mapped
}

/** How the lines of a file become commands. */
export interface ImportMap {
  readonly kind: 'import-map'
  readonly format: 'csv' | 'jsonl'
  readonly delimiter: string
  readonly encoding: string
  readonly row: Schema
  readonly groupBy: string | undefined
  readonly incomplete: 'send' | 'refuse'
  readonly toCommand: (rows: readonly unknown[]) => Mapped
}

const mapping: Mapping = {
  send: (command, options) => ({ kind: 'command', command, ...options }),
  refuse: (reason, row) => ({ kind: 'refusal', reason, row }),
  skip: () => ({ kind: 'skip' }),
}

/**
 * Defines how the lines of a file become commands: the default export of the file that `headwater import --map` names.
 *
 * @example
 * export default importMap({
 *   format: 'csv',
 *   row: z.object({ Counter: z.string().min(1), By: z.coerce.number() }),
 *   toCommand: ([{ Counter, By }], { send }) =>
 *     send(Increment({ counterId: Counter, by: By }), { id: `counters-${Counter}` }),
 * })
 */
export function importMap<S extends Schema>(definition: ImportMapDefinition<S>): ImportMap {
  const toCommand = definition.toCommand as (rows: readonly unknown[], mapping: Mapping) => Mapped
  return {
    kind: 'import-map',
    format: definition.format,
    delimiter: definition.delimiter ?? ',',
    encoding: definition.encoding ?? 'utf-8',
    row: definition.row,
    groupBy: definition.groupBy,
    incomplete: definition.incomplete ?? 'send',
    toCommand: (rows) => toCommand(rows, mapping),
  }
}

export function isImportMap(value: unknown): value is ImportMap {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'import-map'
}
