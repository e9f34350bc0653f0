import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { countingApp } from './counting.ts'

// A process of the older version of the code: tells what it handles, and what its processors are doing.
const [path = ''] = process.argv.slice(2)
const tell = (line: string): boolean => process.stdout.write(`${line}\n`)
const headwater = await openStore(
  countingApp(1, (position) => void tell(`handled ${position}`)),
  await sqliteStore({ path }),
  { leaseDuration: 500, onError: () => undefined },
)
process.stdin.on('end', () => process.exit()).resume()
for (;;) {
  const summaries = await Promise.all(headwater.processors.map((processor) => processor.summary()))
  for (const { name, status, parked } of summaries) tell(`${name} is ${status} with ${parked} parked`)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
