/** A process of the shop: runs it, places orders where it is asked to, and tells what happens. It ends with its parent. */
import { openStore, type HeadwaterError, isHeadwaterError } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import type { Task } from './start.ts'
import { PlaceOrder, shopOf } from './shop.ts'

const {
  url,
  schema,
  version,
  owner,
  leaseDuration,
  orders,
  clockShift = 0,
} = JSON.parse(process.argv[2] ?? '') as Task
const now = Date.now
Date.now = () => now() + clockShift

const tell = (...words: (string | number)[]): boolean => process.stdout.write(`${words.join(' ')}\n`)
const codeOf = (error: unknown): string => (isHeadwaterError(error) ? error.code : String(error))

const headwater = await openStore(
  shopOf(version, (position) => void tell('handled', position)),
  await postgresStore({ url, schema, connections: 4 }),
  {
    owner,
    onChangedView: 'rebuild',
    onWarning: ({ code }: HeadwaterError) => void tell('warned', code),
    onError: (error) => void tell('failed', codeOf(error)),
    ...(leaseDuration !== undefined && { leaseDuration }),
  },
)
tell('running')

let isStopping = false
async function placeOrders(line: number): Promise<void> {
  for (let n = 0; !isStopping && (orders === undefined || n < orders); n += 1) {
    const id = `${owner}-${line}-${n}`
    try {
      const { status } = await headwater.execute(PlaceOrder({ orderId: `${line}-${n % 20}`, total: 1 }), {
        id,
      })
      tell(status, id)
    } catch (error) {
      tell('lost', id, codeOf(error))
    }
  }
}

process.stdin.on('end', () => process.exit()).resume()
process.once('SIGTERM', () => {
  isStopping = true
})
if (orders === 0) await new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()))
else await Promise.all([1, 2, 3].map(placeOrders))
tell('closing')
await headwater.close()
tell('closed')
process.exit()
