import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { bank, Deposit, Touch } from './shop.ts'

// Sends commands, four at a time, and prints the id of each that was accepted.
const [path = '', run = '', count = '1000000'] = process.argv.slice(2)
const headwater = await openStore(bank, await sqliteStore({ path }), { processors: false })
let next = 0

async function send(): Promise<void> {
  for (;;) {
    next += 1
    if (next > Number(count)) return
    const id = `${run}-${next}`
    await headwater.execute(Deposit({ accountId: 'a', amount: 1 }), { id })
    await headwater.execute(Touch({ accountId: `${run}-${next % 3}`, by: 1 }), { id: `${id}-touch` })
    process.stdout.write(`${id}\n`)
  }
}

await Promise.all(Array.from({ length: 4 }, send))
await headwater.close()
