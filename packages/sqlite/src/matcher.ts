import type { Database, Statement } from './database.ts'
import { isTagged, positionsByTags, type QueryItem, type TagScope } from './event-query.ts'
import { statementsOf } from './sql.ts'
import { type Statements, valueStatements } from './statements.ts'

/** Finds events that an append's condition excludes. */
export class Matcher {
  readonly #byTags: Statements<number>
  readonly #byType: Statement<[number, string, string, number, number], number>
  readonly #any: Statement<[number, number, number, string], number>

  constructor(database: Database) {
    this.#byTags = valueStatements(database)
    this.#byType = database
      .prepare<[number, string, string, number, number], number>(statementsOf('type-ranges')('first-event'))
      .pluck()
    this.#any = database
      .prepare<[number, number, number, string], number>(statementsOf('log')('first-of-tenant'))
      .pluck()
  }

  /** The position of an event in the scope that matches an item; undefined: there is none. */
  find(items: readonly QueryItem[], scope: TagScope): number | undefined {
    for (const item of items) {
      const position = this.#findOne(item, scope)
      if (position !== undefined) return position
    }
    return undefined
  }

  #findOne(item: QueryItem, scope: TagScope): number | undefined {
    const { branch, tenant, after, to } = scope
    if (isTagged(item)) {
      const { sql, parameters } = positionsByTags(item, scope)
      return this.#byTags.get(sql).get(...parameters, 1)
    }
    if (item.types === undefined) return this.#any.get(branch, after, to, tenant)
    for (const type of item.types) {
      const position = this.#byType.get(branch, type, tenant, after, to)
      if (position !== undefined) return position
    }
    return undefined
  }
}
