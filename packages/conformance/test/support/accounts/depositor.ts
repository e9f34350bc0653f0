import { isHeadwaterError, openStore } from '@headwater/core'
import type { StoreModule } from '../../../src/subject.ts'
import { accounts, Deposit } from './accounts.ts'

// Deposits without end, many at a time, and prints each answer: `<command id> <answer>`. It is killed, never stopped.
const [run = '', module = '', database = '', ...given] = process.argv.slice(2)
const subject = (await import(module)) as StoreModule
const store = await subject.openStore(database, ...given)
const headwater = await openStore(accounts, store, { leaseDuration: 500 })
let next = 0

/** A busy process may win every race for a while; the remedy is to send the command again, under the same id. */
async function untilDecided(command: ReturnType<typeof Deposit>, id: string) {
  for (;;) {
    try {
      return await headwater.execute(command, { id })
    } catch (error) {
      if (!isHeadwaterError(error, 'command.conflict') && !isHeadwaterError(error, 'log.document-conflict'))
        throw error
    }
  }
}

async function deposit(): Promise<void> {
  for (;;) {
    next += 1
    const id = `${run}-${next}`
    const outcome = await untilDecided(Deposit({ accountId: `a${next % 7}`, amount: next % 10 }), id)
    process.stdout.write(`${id} ${JSON.stringify(outcome)}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, deposit))
