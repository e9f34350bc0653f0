import { isHeadwaterError, openStore } from '@headwater/core'
import type { StoreModule } from '../../../src/subject.ts'
import { Pay, payments } from './payments.ts'

// Pays so often, several times at once, and prints the number of each payment that was decided. It may be killed.
const [address = '', last = '1', module = '', database = '', ...given] = process.argv.slice(2)
const subject = (await import(module)) as StoreModule
const store = await subject.openStore(database, ...given)
const headwater = await openStore(payments(address), store, { leaseDuration: 500 })
let next = 1

async function pay(): Promise<void> {
  while (next <= Number(last)) {
    const number = next++
    for (;;) {
      try {
        await headwater.execute(Pay({ tillId: `t${number % 3}`, amount: number }), { id: `pay-${number}` })
        break
      } catch (error) {
        if (!isHeadwaterError(error, 'command.conflict')) throw error
      }
    }
    process.stdout.write(`${number}\n`)
  }
}

await Promise.all(Array.from({ length: 4 }, pay))
const { position } = await headwater.head()
while ((await headwater.processor('confirm').summary()).position < position)
  await new Promise((resolve) => setTimeout(resolve, 10))
await headwater.close()
