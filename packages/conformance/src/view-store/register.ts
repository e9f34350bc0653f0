import { describe, test } from 'vitest'
import type { Law } from '../law.ts'
import { documentLaws } from '../documents/documents.ts'
import { filterLaws } from '../documents/filters.ts'
import { orderLaws } from '../documents/order.ts'
import { searchLaws } from '../documents/search.ts'
import { register } from '../register.ts'
import { commitLaws, newDatabase, type ViewStoreLaw } from './commits.ts'
import { storeOver } from './over.ts'
import type { MakeViewStore, ViewStoreCapabilities } from './subject.ts'

/** Databases are asked over a network, on machines that have other things to do. */
const timeLimit = 120_000

/**
 * Tests a store of views: commits, and that documents mean what they mean in the log's own store.
 *
 * ```ts
 * viewStoreConformance('redis', ({ database }) => redisViews({ url, prefix: database }), { durable: true })
 * ```
 *
 * @param makeStore opens the store; every test asks for a database of a new name
 */
export function viewStoreConformance(
  name: string,
  makeStore: MakeViewStore,
  capabilities: ViewStoreCapabilities = {},
): void {
  describe(`${name}: commits`, () => {
    for (const law of commitLaws) {
      const isMissing = law.needs === 'durable' && capabilities.durable !== true
      const because = isMissing ? ' (skipped: the store keeps nothing when it is closed)' : ''
      // oxlint-disable-next-line vitest/expect-expect -- a law throws where it is broken
      test(`${law.sentence}${because}`, { skip: isMissing, timeout: timeLimit }, () =>
        holdOfViews(law, makeStore),
      )
    }
  })
  const groups: readonly (readonly [string, readonly Law[]])[] = [
    ['documents', documentLaws],
    ['filters', filterLaws],
    ['order and pages', orderLaws],
    ['search', searchLaws],
  ]
  for (const [about, laws] of groups) {
    register(`${name}: ${about}`, laws, async (options) => storeOver(await makeStore(options)), {
      ...(capabilities.durable !== undefined && { durable: capabilities.durable }),
      documentsAlone: true,
    })
  }
}

/** Checks a law in a database of its own. */
export async function holdOfViews(law: ViewStoreLaw, makeStore: MakeViewStore): Promise<void> {
  const database = newDatabase()
  const opened: { close(): Promise<void> }[] = []
  try {
    await law.check(async () => {
      const store = await makeStore({ database })
      opened.push(store)
      return store
    })
  } finally {
    for (const store of opened) await store.close()
  }
}
