import {
  checkViewName,
  codeHash,
  versionsAsCode,
  type AnyEventType,
  type RecordedEvent,
  type RecordedEventOf,
  type SqlView,
  type TableTools,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { ReadonlyKysely } from 'kysely/readonly'
import { prefixOf } from './database.ts'
import type { SqlTables } from './migrations.ts'
import type { SqlTools } from './session.ts'

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

/** A projection by event: each is given alone, in order. */
export type Projections<Events extends AnyEventType, Database> = {
  readonly [Type in Events['type']]: (
    event: RecordedEventOf<Named<Events, Type>>,
    tools: SqlTools<Database>,
  ) => void | Promise<void>
}

interface Common<Events extends AnyEventType, Database> {
  readonly events: readonly Events[]
  /** The tables; each version of the view has its own. */
  readonly tables: SqlTables<Database>
  /**
   * What events are kept in order by: one that can't be projected is parked, and later ones of its key behind it. Without it
   * such an event stops the view, until its code is mended.
   */
  readonly key?: (event: RecordedEventOf<Events>) => string
  /**
   * How many events are projected together at most, from 1; default 256. What a batch writes is not to be read before the
   * next one: with 1 every event sees what those before it have written, and each is a transaction of its own.
   */
  readonly batch?: number
  /** Tells that the tables hold something else although the text of the projection is the same: another one each time. */
  readonly revision?: string
  readonly description?: string
}

/** By batches: `project` gets many events at once, in order. Or by event, with a function for each type: `on`. */
export type SqlViewDefinition<Events extends AnyEventType, Database> = Common<Events, Database> &
  (
    | {
        readonly project: (
          events: readonly RecordedEventOf<Events>[],
          tools: SqlTools<Database>,
        ) => void | Promise<void>
        readonly on?: never
      }
    | { readonly on: Projections<Events, Database>; readonly project?: never }
  )

const defaultBatch = 256
const largestBatch = 5_000

type Project = (events: readonly RecordedEvent[], tools: TableTools) => void | Promise<void>

/**
 * Defines a view that is kept in tables: what it writes is committed with its checkpoint, so each event is in it exactly once.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function sqlView<const Name extends string, Events extends AnyEventType, Database>(
  name: Name,
  definition: SqlViewDefinition<Events, Database>,
): SqlView<Name, ReadonlyKysely<Database>> {
  checkViewName(name)
  prefixOf(`${name}@1`)
  const { events, tables, key, batch = defaultBatch, revision } = definition
  if (!Number.isInteger(batch) || batch < 1 || batch > largestBatch)
    throw new HeadwaterError('app.invalid', `The batch of view ${name} must be from 1 to ${largestBatch}`)
  const project = projectOf(name, definition)
  let code: string | undefined
  return {
    kind: 'view',
    name,
    description: definition.description,
    events,
    lifecycle: 'async',
    indexes: [],
    search: [],
    partitions: 1,
    schema: undefined,
    database: undefined,
    get code() {
      return (code ??= codeHash(
        versionsAsCode(events),
        definition.project,
        definition.on,
        key,
        tables.steps(`${name}@1`, 'sqlite'),
        revision,
      ))
    },
    sql: {
      tables,
      batch,
      keyOf: key as ((event: RecordedEvent) => string) | undefined,
      project: async (some, owner, sql) => {
        const session = tables.session(owner, sql)
        await project(some, session.tools)
        return [...session.statements]
      },
    },
    keysOf: () => [],
    initial: () => noDocuments(name),
    fold: () => noDocuments(name),
  }
}

function projectOf<Events extends AnyEventType, Database>(
  name: string,
  { events, project, on }: SqlViewDefinition<Events, Database>,
): Project {
  if (project !== undefined) return project as Project
  const handlers = new Map<string, Function>(Object.entries<Function>(on))
  for (const { type } of events) {
    if (typeof handlers.get(type) !== 'function')
      throw new HeadwaterError('app.invalid', `View ${name} has no on.${type}`)
  }
  return async (some, tools) => {
    for (const event of some) await handlers.get(event.type)?.(event, tools)
  }
}

function noDocuments(name: string): never {
  throw new HeadwaterError('view.in-tables', `View ${name} is kept in tables, and folds no documents`)
}
