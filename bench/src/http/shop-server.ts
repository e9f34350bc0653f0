// Ours: the shop as `headwater serve` runs it. Arguments: the database, and `all` or `gateway`, the roles of the process.
import { createGateway } from '@headwater/gateway'
import { open } from 'headwater'
import shop from '../../../examples/shop/app.ts'
import { serving } from './serving.ts'

const [db = 'memory:', roles] = process.argv.slice(2)
const headwater = await open(shop, { db, processors: roles !== 'gateway' })
const gateway = createGateway(headwater)
const { url } = await gateway.listen()
serving(url, async () => {
  await gateway.close()
  await headwater.close()
})
