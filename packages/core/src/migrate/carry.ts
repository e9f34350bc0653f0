import { amendedType, readAmendment } from '../amend/amendment.ts'
import type { EventRow, EventToAppend } from '../log/port.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { mergedType } from '../time/compare/merged.ts'
import type { Migration } from './definition.ts'

/** Whether it is a fact about facts, which no app defines. */
export function isOurs({ type }: EventRow): boolean {
  return type === amendedType || type === mergedType
}

/**
 * An amendment, or the note of a merge, as it stands in the new log. An amendment names its event by id, revision and
 * position, and holds what takes its place: so it means the same there as long as all of that is the same.
 *
 * @param isShifted whether any event before it has another id, or another place, than it had
 * @throws Error where it would mean something else
 */
export function carried(
  row: EventRow,
  { codec, migration, isShifted }: { codec: PayloadCodec; migration: Migration; isShifted: boolean },
): EventToAppend {
  if (row.type === amendedType) requireSame(row, codec, migration, isShifted)
  const { type, version, data, occurredAt } = row
  return { type, version, data, occurredAt, tags: [] }
}

function requireSame(row: EventRow, codec: PayloadCodec, migration: Migration, isShifted: boolean): void {
  const { target, content } = readAmendment(row, codec.decode('event', row.type, row.version, row.data))
  const ruled = [target.type ?? '', content?.type ?? ''].find((type) => migration.rules.has(type))
  if (ruled !== undefined)
    throw new Error(
      `it amends ${target.id ?? 'the beginning of the stream'}, and there is a rule for ${ruled}: what it says would have to be rewritten, too. Restore what is amended (headwater amend restore) and amend the new log, or do without that rule`,
    )
  if (isShifted || migration.streams(row.stream) !== row.stream)
    throw new Error(
      `it amends ${target.id ?? 'the beginning of the stream'} by its place, and events before it have moved, by rules that drop, split or merge, or by another stream's name. Restore what is amended (headwater amend restore) and amend the new log, or migrate without what moves events`,
    )
}
