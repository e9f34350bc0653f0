import type { AppendCondition, AppendRequest } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('append')
const head: Statement = { name: 'head', text: sql('head') }
const firstMatch: Statement = { name: 'first-match', text: sql('first-match') }

const attached: Statement = { name: 'attached', text: sql('attached') }

/** A condition that leaves more of the log to check than this is checked before the append has the lock. */
const shortTail = 2_000
/** So much of it at a time. */
const checkedAtOnce = 100_000

/** A request with what is long recorded behind it: only what comes from now on has to be checked under the lock. */
export async function checkedRequest(database: Database, request: AppendRequest): Promise<AppendRequest> {
  const { rows } = await database.run<[number]>(head, [request.branch])
  const last = rows[0]?.[0] ?? 0
  if (request.conditions.every(({ after }) => last - after <= shortTail)) {
    await requireConditionsAttached(database, request, last)
    return request
  }
  const conditions: AppendCondition[] = []
  for (const condition of request.conditions)
    conditions.push({
      query: condition.query,
      after: await checkedTo(database, request, condition, last),
    })
  return { ...request, conditions }
}

/** As far as nothing was found that breaks the condition: to the head, or to just before what will be found again. */
async function checkedTo(
  database: Database,
  { branch, tenant }: AppendRequest,
  { query, after }: AppendCondition,
  last: number,
): Promise<number> {
  let checked = after
  while (checked < last) {
    const to = Math.min(last, checked + checkedAtOnce)
    for (const { types, tags } of query.items) {
      const { rows } = await database.run<[number | null]>(firstMatch, [
        branch,
        tenant,
        checked,
        to,
        types ?? null,
        tags ?? null,
      ])
      const found = rows[0]?.[0] ?? null
      if (found !== null) return found - 1
    }
    checked = to
  }
  return checked
}

/** What is short enough to be checked under the lock is in the log, or by tags, which stay. */
async function requireConditionsAttached(
  database: Database,
  { branch, conditions }: AppendRequest,
  last: number,
): Promise<void> {
  const after = untaggedFrom(conditions)
  if (after !== undefined) await database.run(attached, [branch, after, last])
}

/** The position from which on conditions need the events themselves; undefined: their tags are enough. */
export function untaggedFrom(conditions: readonly AppendCondition[]): number | undefined {
  const untagged = conditions.filter(({ query }) => query.items.some(({ tags = [] }) => tags.length === 0))
  return untagged.length === 0 ? undefined : Math.min(...untagged.map(({ after }) => after))
}
