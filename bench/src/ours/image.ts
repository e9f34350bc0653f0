import { join } from 'node:path'
import { app, memoryImage, open, table } from 'headwater'
import { ourFile } from '../data/files.ts'
import type { ImageJob } from '../image/job.ts'
import { Deposited, type Total } from './bank.ts'

/** Totals of 10,000 accounts, in memory. */
function balances(snapshot: false | { readonly every: number }) {
  return memoryImage('balances', {
    events: [Deposited],
    tables: { accounts: table<Total>() },
    on: {
      Deposited: ({ accounts }, { data }) => {
        const { total, deposits } = accounts.get(data.account) ?? { total: 0, deposits: 0 }
        accounts.set(data.account, { total: total + data.amount, deposits: deposits + 1 })
      },
    },
    snapshot,
  })
}

/** Milliseconds from opening the database until the image has everything. */
export async function startImage({ way, folder, events }: ImageJob): Promise<number> {
  const image = balances(way === 'from-log' ? false : { every: way === 'save' ? 1 : events })
  const begin = performance.now()
  const headwater = await open(app({ name: 'bank', events: [Deposited], images: [image] }), {
    db: join(folder, ourFile),
  })
  await headwater.image(image).ready()
  const time = performance.now() - begin
  while (way === 'save' && headwater.images()[0]?.savedAt !== headwater.image(image).position)
    await new Promise((resolve) => setTimeout(resolve, 10))
  let deposits = 0
  for (const total of headwater.image(image).state.accounts.values()) deposits += total.deposits
  const { loadedFrom = 0, position = 0 } = headwater.images()[0] ?? {}
  await headwater.close()
  if (deposits !== position) throw new Error(`The image counts ${deposits} of ${position} events`)
  if (way === 'from-snapshot' && loadedFrom === 0)
    throw new Error('The image did not begin with its snapshot')
  return time
}
