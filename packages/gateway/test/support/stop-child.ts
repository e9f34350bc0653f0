// A gateway on a database of its own, in a process of its own, that stops as a server stops: on SIGTERM.
import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { counters } from './app.ts'

const [path = ''] = process.argv.slice(2)
const headwater = await openStore(counters, await sqliteStore({ path }))
const gateway = createGateway(headwater)
const { url } = await gateway.listen()
process.once('SIGTERM', () => {
  const stop = async (): Promise<void> => {
    await gateway.close()
    await headwater.close()
    process.disconnect()
  }
  stop().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
    process.disconnect()
  })
})
process.send?.(url)
