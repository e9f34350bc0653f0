import { describeIssue, type Headwater, HeadwaterError, isHeadwaterError } from '@headwater/core'
import type { Scope } from '../source/scope.ts'
import { groupsOf, type RefusedLine, type RowGroup } from './groups.ts'
import type { ImportMap, Mapped, MappedCommand } from './map.ts'
import { Pool } from './pool.ts'
import type { Listing } from '../terminal/listing.ts'
import type { SourceRecord } from './source.ts'

/** What an import of commands did. */
export interface CommandTally {
  /** Lines that held data. */
  lines: number
  commands: number
  accepted: number
  /** Of those accepted: how many had been so before this import. */
  repeated: number
  /** Lines of which nothing was recorded because they, or their command, were refused. */
  refused: number
  /** Lines that the map skipped. */
  skipped: number
  events: number
}

export interface CommandImport {
  readonly headwater: Headwater
  readonly records: AsyncIterable<readonly SourceRecord[]>
  readonly map: ImportMap
  readonly refusals: Listing<RefusedLine>
  /** Commands under way at once. */
  readonly concurrency: number
  readonly scope: Scope
  readonly signal: AbortSignal
  readonly onProgress: (tally: Readonly<CommandTally>) => void
}

/**
 * Sends the commands that a file's rows stand for, through the validation and the decisions that every command goes
 * through. What is refused is noted and stops nothing; a failure stops the import, which can then be run again.
 */
export async function importCommands(task: CommandImport): Promise<CommandTally> {
  const { headwater, map, refusals } = task
  const tally: CommandTally = {
    lines: 0,
    commands: 0,
    accepted: 0,
    repeated: 0,
    refused: 0,
    skipped: 0,
    events: 0,
  }
  const { position: headBefore } = await headwater.head()
  const idFields = idFieldsOf(headwater)
  const pool = new Pool(task.concurrency)
  for await (const group of groupsOf(task.records, map)) {
    task.signal.throwIfAborted()
    tally.lines += group.lines.length + group.faults.length
    tally.refused += group.faults.length
    for (const fault of group.faults) await refusals.add(fault)
    if (group.rows.length === 0) continue
    const refuse = async (refused: RefusedLine) => {
      tally.refused += group.lines.length
      await refusals.add(refused)
    }
    const mapped = mapGroup(group, map)
    if (mapped.kind === 'refused') await refuse(mapped.line)
    else if (mapped.kind === 'skip') tally.skipped += group.lines.length
    else {
      tally.commands++
      await pool.add(keyOf(mapped, idFields), async () => {
        const refused = await send(task, mapped, group, tally, headBefore)
        if (refused !== undefined) await refuse(refused)
        task.onProgress(tally)
      })
    }
  }
  await pool.drain()
  return tally
}

type MappedGroup =
  | Exclude<Mapped, { readonly kind: 'refusal' }>
  | { readonly kind: 'refused'; readonly line: RefusedLine }

function mapGroup(group: RowGroup, map: ImportMap): MappedGroup {
  if (group.faults.length > 0 && map.incomplete === 'refuse') {
    return refused(group, 'group.incomplete', 'other lines that belong to it were refused', undefined)
  }
  try {
    const mapped = map.toCommand(group.rows)
    return mapped.kind === 'refusal' ? refused(group, 'row.refused', mapped.reason, mapped.row) : mapped
  } catch (error) {
    if (isHeadwaterError(error, 'command.invalid'))
      return { kind: 'refused', line: invalidLine(group, error) }
    throw new HeadwaterError('import.failed', `The map failed on line ${group.lines[0] ?? 0}`, {
      cause: error,
    })
  }
}

function refused(group: RowGroup, code: string, reason: string, row: number | undefined): MappedGroup {
  return { kind: 'refused', line: refusedLine(group, code, reason, row) }
}

/** Failures of ours stop the import; what the app says to a command is noted. */
async function send(
  { headwater, scope: { tenant } }: CommandImport,
  { command, id, occurredAt, actor }: MappedCommand,
  group: RowGroup,
  tally: CommandTally,
  headBefore: number,
): Promise<RefusedLine | undefined> {
  try {
    const outcome = await headwater.execute(command, {
      id,
      ...(tenant !== undefined && { tenant }),
      ...(occurredAt !== undefined && { occurredAt }),
      ...(actor !== undefined && { actor }),
    })
    if (outcome.status === 'rejected') {
      const { code, message = 'The command was rejected' } = outcome.reason
      return refusedLine(group, code, message, undefined)
    }
    tally.accepted++
    tally.events += outcome.events.length
    if (outcome.position !== undefined && outcome.position <= headBefore) tally.repeated++
    return undefined
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
    if (error.code === 'command.invalid') return invalidLine(group, error)
    if (
      error.code === 'command.forbidden' ||
      error.code === 'command.id-reused' ||
      error.code === 'subscription.vetoed'
    ) {
      return refusedLine(group, error.code, error.message, undefined)
    }
    throw error
  }
}

/** A command's data usually lists the rows in their order: an issue with `lines.3.quantity` is about the fourth. */
function invalidLine(group: RowGroup, error: HeadwaterError): RefusedLine {
  const issues = error.issues ?? []
  const row = issues.flatMap(({ path }) => path).find((part) => typeof part === 'number')
  const reason = issues.length === 0 ? error.message : issues.map(describeIssue).join('; ')
  return refusedLine(group, error.code, reason, row)
}

function refusedLine(group: RowGroup, code: string, reason: string, row: number | undefined): RefusedLine {
  const exact = row === undefined ? undefined : group.lines[row]
  const first = group.lines[0] ?? 0
  const last = group.lines.at(-1) ?? first
  return {
    line: exact ?? first,
    ...(exact === undefined && last !== first && { lastLine: last }),
    code,
    reason,
    ...(group.key !== undefined && { group: group.key }),
  }
}

/** Commands for one stream are sent in the order of the file. */
function keyOf({ command: { type, data } }: MappedCommand, idFields: ReadonlyMap<string, string>): string {
  const field = idFields.get(type)
  const id =
    field !== undefined && typeof data === 'object' && data !== null ? Reflect.get(data, field) : undefined
  return `${field ?? type}:${String(id)}`
}

function idFieldsOf({ app }: Headwater): ReadonlyMap<string, string> {
  const aggregates = app.contexts.flatMap((context) => context.aggregates)
  return new Map(
    aggregates.flatMap(({ idField, commands }) => commands.map(({ type }) => [type, idField] as const)),
  )
}
