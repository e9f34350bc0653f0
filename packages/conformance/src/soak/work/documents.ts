import { isHeadwaterError } from '@headwater/core'
import type { SumDocument } from '../entries.ts'
import { eraOf, kindsOfAccounts, tenants, type ViewName, viewNames } from '../model.ts'
import { oneOfFew, type Player, repeat } from './player.ts'

/** Milliseconds that a reader waits for a view. Processes are killed and frozen, so it may be in vain. */
const timeLimit = 5_000

/** Reads documents of views, mostly such as show what was there a moment ago. */
export function readDocuments(player: Player): Promise<void> {
  const { random, store, journal, headwater } = player
  return repeat(player, 'documents', async () => {
    const view = random.pick(viewNames)
    const tenant = random.chance(0.2) ? tenants[1] : tenants[0]
    const key = aKey(player, view)
    const turn = player.turn()
    const isInline = view === 'balances'
    const waitFor = isInline || random.chance(0.6) ? (await store.log.head(0)).position : 0
    journal.write({ kind: 'reading', turn, what: 'document', of: `${view}/${tenant}/${key}` })
    try {
      const wait = waitFor === 0 ? {} : { waitFor, timeLimit }
      const item = await headwater.view(view).get(key, { tenant, ...wait })
      const document = (item?.doc ?? null) as SumDocument | null
      journal.write({
        kind: 'read',
        turn,
        view,
        tenant,
        key,
        waitFor,
        document,
        position: item?.position ?? 0,
      })
    } catch (error) {
      if (!isHeadwaterError(error, 'view.wait-timeout')) throw error
    }
  })
}

function aKey(player: Player, view: ViewName): string {
  const { random, shift } = player
  const id = oneOfFew(player)
  switch (view) {
    case 'everything':
      return String(eraOf(Date.now() + shift))
    case 'totals':
      return id
    case 'balances':
      return `${random.pick(kindsOfAccounts)}-${id}`
  }
}

/** Writes down every document of every view. */
export async function writeDownDocuments({ headwater, journal }: Player): Promise<void> {
  for (const view of viewNames) {
    for (const tenant of tenants) {
      for await (const { key, doc, position } of headwater.view(view).all({ tenant }))
        journal.write({ kind: 'document', view, tenant, key, document: doc as SumDocument, position })
    }
  }
}
