import type {
  ViewGeneration,
  ViewVersion,
  ViewVersions,
  ViewVersionsChange,
  ViewVersionsChanged,
} from '@headwater/core'
import { textArray } from './arrays.ts'
import type { Changes } from './changes.ts'
import { type Call, type Database, runAll, type Session } from './database.ts'
import { place } from './progress.ts'
import { readable } from './readable.ts'
import { prepared } from './sql.ts'

const sql = prepared('view-versions')

type Columns = [
  generation: number | null,
  /** Null: there are no versions. */
  view: string | null,
  version: number,
  state: ViewVersion['state'],
  collection: string,
  processor: string,
  lifecycle: ViewVersion['lifecycle'],
  code: string,
  types: string,
  options: string,
  madeBy: string,
  madeAt: number,
  changedAt: number,
  reason: string | null,
  fencedUntil: number | null,
]

export class PostgresViewVersions implements ViewVersions {
  readonly #database: Database
  readonly #changes: Changes

  constructor(database: Database, changes: Changes) {
    this.#database = database
    this.#changes = changes
  }

  async read(branch: number): Promise<ViewGeneration> {
    const { rows } = await this.#database.run<Columns>(sql('read'), [branch])
    return { generation: rows[0]?.[0] ?? 0, versions: rows.flatMap(versionsOf) }
  }

  async change(change: ViewVersionsChange): Promise<ViewVersionsChanged> {
    const changed = await this.#database.transaction((session) => changeIn(session, change))
    if (changed.status === 'changed') this.#changes.notifyOfViews()
    return changed
  }

  onChanged(listener: () => void): () => void {
    return this.#changes.listenToViews(listener)
  }
}

async function changeIn(session: Session, change: ViewVersionsChange): Promise<ViewVersionsChanged> {
  const { branch, put, remove, checkpoint } = change
  await session.run(sql('lock'))
  const refusal = await refusalOf(session, change)
  if (refusal !== undefined) return refusal
  await runAll(session, [
    ...put.map((version) => putCall(branch, version)),
    ...remove.map(({ view, version }) => ({ statement: sql('remove'), values: [branch, view, version] })),
  ])
  if (checkpoint !== undefined) await place(session, checkpoint.processor, branch, checkpoint.checkpoint)
  const { rows } = await session.run<[number]>(sql('advance'), [branch])
  return { status: 'changed', generation: rows[0]?.[0] ?? 0 }
}

async function refusalOf(
  session: Session,
  { branch, expected, lease, unlessEvents }: ViewVersionsChange,
): Promise<ViewVersionsChanged | undefined> {
  const { rows } = await session.run<[number]>(sql('generation'), [branch])
  const generation = rows[0]?.[0] ?? 0
  if (expected !== generation) return { status: 'stale', generation }
  if (lease !== undefined) {
    const { count } = await session.run(sql('held'), [lease.name, lease.owner, lease.token])
    if (count === 0) return { status: 'fenced' }
  }
  if (unlessEvents === undefined) return undefined
  const { types, after } = unlessEvents
  const first = await session.run<[number | null]>(sql('first-event'), [branch, textArray(types), after])
  const position = first.rows[0]?.[0] ?? undefined
  return position === undefined ? undefined : { status: 'events', position }
}

function putCall(branch: number, version: ViewVersion): Call {
  return {
    statement: sql('put'),
    values: [
      branch,
      version.view,
      version.version,
      version.state,
      version.collection,
      version.processor,
      version.lifecycle,
      version.code,
      JSON.stringify(version.types),
      version.options,
      version.madeBy,
      version.madeAt,
      version.changedAt,
      readable(version.reason),
      version.fencedUntil,
    ],
  }
}

function versionsOf(columns: Columns): readonly ViewVersion[] {
  const [, view, version, state, collection, processor, lifecycle, code, types] = columns
  if (view === null) return []
  const [, , , , , , , , , options, madeBy, madeAt, changedAt, reason, fencedUntil] = columns
  return [
    {
      view,
      version,
      state,
      collection,
      processor,
      lifecycle,
      code,
      types: JSON.parse(types) as string[],
      options,
      madeBy,
      madeAt,
      changedAt,
      reason,
      fencedUntil,
    },
  ]
}
