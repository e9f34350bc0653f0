import type { Branch } from './headwater.ts'

/** Something that is read of what a prediction has come to, said as data, for those who can't hand a function over. */
export type Look =
  /** A document; without a key the first 1,000 of all. */
  | { readonly view: string; readonly key?: string }
  /** The state of an aggregate. */
  | { readonly stream: string }
  | { readonly query: string; readonly input?: unknown }

/**
 * Reads one after the other on a branch, all up to its end. A document or an answer that isn't there is null.
 *
 * @returns for a document `{key, doc, position}`, for a view `{items, cursor}`, for a stream `{state, revision}`, for a query its answer
 * @throws HeadwaterError `view.unknown`, `query.unknown`, `query.invalid`, `stream.invalid-name`, `branch.main-only`
 */
export async function lookOn(
  branch: Branch,
  looks: readonly Look[],
  { actor }: { readonly actor?: string | null } = {},
): Promise<readonly unknown[]> {
  const waitFor = (await branch.lastPosition()) ?? 0
  const seen: unknown[] = []
  for (const look of looks) {
    if ('stream' in look) seen.push(await branch.state(look.stream))
    else if ('query' in look) {
      const options = { waitFor: 'head' as const, ...(actor !== undefined && { actor }) }
      seen.push((await branch.queryRaw(look.query, look.input, options)) ?? null)
    } else if (look.key === undefined) seen.push(await branch.view(look.view).list({ waitFor, limit: 1_000 }))
    else seen.push((await branch.view(look.view).get(look.key, { waitFor })) ?? null)
  }
  return seen
}
