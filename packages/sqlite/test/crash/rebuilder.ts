import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { accounts, Deposit } from '../../../conformance/test/support/accounts/accounts.ts'

// Rebuilds two views again and again, while it deposits and others do, and prints each switch. It is killed, never stopped.
const [path = '', run = ''] = process.argv.slice(2)
const headwater = await openStore(accounts, await sqliteStore({ path }), { leaseDuration: 500 })
let next = 0

async function deposit(): Promise<never> {
  for (;;) {
    next += 1
    await headwater.execute(Deposit({ accountId: `b${next % 5}`, amount: next % 10 }), {
      id: `${run}-${next}`,
    })
  }
}

async function rebuild(view: string): Promise<never> {
  for (;;) {
    const { version } = await (await headwater.rebuild(view)).done()
    process.stdout.write(`${view} ${version}\n`)
  }
}

await Promise.all([deposit(), deposit(), rebuild('inline-total'), rebuild('async-total')])
