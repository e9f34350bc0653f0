import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { sales, shop } from './sales.ts'

// Projects what there is, and prints each position that it reaches. It is killed, or ends at the head.
const [path = ''] = process.argv.slice(2)
const headwater = await openStore(shop, await sqliteStore({ path }), { leaseDuration: 400 })
const { position: head } = await headwater.head()
for (let position = 1; position <= head; position += 7) {
  await headwater.processor(sales).waitFor(Math.min(position, head), { timeLimit: 60_000 })
  process.stdout.write(`${position}\n`)
}
await headwater.close()
