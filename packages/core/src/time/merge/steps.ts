import type { Amendment } from '../../amend/amendment.ts'
import type { Overlay } from '../../amend/overlay.ts'
import { comparePlaces, type Place } from '../../amend/place.ts'
import type { EventRow } from '../../log/port.ts'
import type { CommandRow } from '../../log/store.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import type { TailRecord } from '../compare/tail.ts'
import type { MergeStep } from './plan.ts'

/** A step with the records that it consists of, as they stand on the branch. */
export interface DraftStep extends MergeStep {
  readonly command: string | null
  readonly row: CommandRow | undefined
  /** What is appended: rows with the contents that stand in their places. */
  readonly rows: readonly EventRow[]
  /** Some of its events were omitted on the branch, and later ones were not. */
  readonly isCut: boolean
}

export interface StepSource {
  /** Up to this position the branch and the other side are one. */
  readonly common: number
  readonly decode: (row: EventRow) => RecordedEvent
  /** The row of an amendment that says something else than was recorded. */
  readonly encode: (amendment: Amendment) => EventRow
  readonly overlayOf: (stream: string) => Promise<Overlay>
  readonly command: (id: string) => Promise<CommandRow | undefined>
}

/**
 * The steps of a tail, in their order. What was said about the branch's own events is not said again: they are taken as they
 * stand. What was inserted behind one of them is recorded as an event, under its own id.
 */
export async function stepsOf(
  records: readonly TailRecord[],
  source: StepSource,
): Promise<readonly DraftStep[]> {
  const groups: TailRecord[][] = []
  for (const record of records) {
    const group = groups.at(-1)
    if (group?.[0]?.row.commandId === record.row.commandId) group.push(record)
    else groups.push([record])
  }
  const steps: DraftStep[] = []
  for (const group of groups) steps.push(...(await stepOf(group, source)))
  return inOrder(steps, source)
}

/** What was inserted among the branch's own events is recorded among them. */
async function inOrder(steps: readonly DraftStep[], source: StepSource): Promise<readonly DraftStep[]> {
  const placed: { step: DraftStep; place: Place }[] = []
  for (const step of steps) {
    const [first] = step.rows
    const isEvent = first !== undefined && step.kind === 'append'
    const place = isEvent ? (await source.overlayOf(first.stream)).placeAt(first.position) : last
    placed.push({ step, place })
  }
  return placed.sort((one, other) => comparePlaces(one.place, other.place)).map(({ step }) => step)
}

/** What is said about the past is said in the order in which it was. */
const last: Place = { slot: Number.MAX_SAFE_INTEGER, order: [], path: [] }

async function stepOf(group: readonly TailRecord[], source: StepSource): Promise<readonly DraftStep[]> {
  const [first] = group
  if (first === undefined) return []
  const id = first.row.commandId
  const row = await source.command(id)
  const amendments: EventRow[] = []
  const standing: EventRow[] = []
  let isShort = false
  let isCut = false
  for (const record of group) {
    const put = (await source.overlayOf(record.row.stream)).standing(record.row)
    const { amendment } = record
    const insertsNot = amendment !== undefined && amendment.edit !== 'insert'
    if (amendment !== undefined && !isOwn(amendment, source.common)) {
      const said = insertsNot ? record.row : put && insertedAs(amendment, put, source)
      if (said !== undefined) amendments.push(said)
      isCut ||= isShort && said !== undefined && !insertsNot
      isShort ||= said === undefined
    } else if (put === undefined || insertsNot) {
      // Of an amendment of the branch's own events only what it inserts stands anywhere.
      isShort = true
    } else {
      // Those that stand keep their numbers if they are the first ones.
      isCut ||= isShort
      standing.push(plain(put))
    }
  }
  const rows = [...amendments, ...standing]
  if (rows.length === 0) return []
  return [
    {
      id,
      kind: amendments.length > 0 ? 'amend' : 'append',
      command: row?.type ?? null,
      row,
      streams: [...new Set(rows.map(({ stream }) => stream))],
      events: rows.map((one) => source.decode(one)),
      rows,
      isCut: isCut || (amendments.length > 0 && standing.length > 0),
    },
  ]
}

/** Whether it is about what the branch recorded itself, or inserted; or inserts something among that. */
function isOwn({ target }: Amendment, common: number): boolean {
  return (target.at?.slot ?? target.position) > common
}

/** What was inserted into the common past is inserted as it stands. */
function insertedAs(amendment: Amendment, put: EventRow, source: StepSource): EventRow {
  if (put.amendment?.edit !== 'replace') return amendment.row
  const { type, version, data, occurredAt } = put
  return source.encode({ ...amendment, content: { type, version, data, occurredAt } })
}

/** As it is appended: without the note of what an amendment has made of it. */
function plain(standing: EventRow): EventRow {
  const { amendment: _amendment, ...row } = standing
  return row
}
