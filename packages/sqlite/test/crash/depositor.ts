import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { accounts, Deposit } from './accounts.ts'

// Deposits without end, many at a time, and prints each answer: `<command id> <answer>`. It is killed, never stopped.
const [path = '', run = ''] = process.argv.slice(2)
const headwater = await openStore(accounts, await sqliteStore({ path }), { leaseDuration: 500 })
let next = 0

async function deposit(): Promise<void> {
  for (;;) {
    next += 1
    const id = `${run}-${next}`
    const outcome = await headwater.execute(Deposit({ accountId: `a${next % 7}`, amount: next % 10 }), { id })
    process.stdout.write(`${id} ${JSON.stringify(outcome)}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, deposit))
