// Handles the events of a database and tells its parent when it had each.
import { setTimeout as sleep } from 'node:timers/promises'
import { app, open, subscription } from 'headwater'
import { machineNow } from '../../measure/machine-clock.ts'
import type { HandlingMessage } from '../../postgres/handling.ts'
import { Deposited } from '../bank.ts'

const [url = '', partitions = '1'] = process.argv.slice(2)
const say = (message: HandlingMessage) => process.send?.(message)

const handler = subscription('handler', {
  events: [Deposited],
  partitions: Number(partitions),
  handle: ({ position }) => {
    say({ position, at: machineNow() })
  },
})
const headwater = await open(app({ name: 'bank', subscriptions: [handler] }), { db: url })
// Whoever kills it ends it; if the parent is gone, nobody will.
process.once('disconnect', () => process.exit(0))
while ((await headwater.processor(handler).summary()).status !== 'running') await sleep(50)
say('ready')
