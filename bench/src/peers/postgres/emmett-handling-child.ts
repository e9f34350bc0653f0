// Emmett's consumer with a processor, its settings left as they come: tells its parent when it had each event.
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'
import { machineNow } from '../../measure/machine-clock.ts'
import type { HandlingMessage } from '../../postgres/handling.ts'
import type { Deposited } from './emmett-totals.ts'

const [url = ''] = process.argv.slice(2)
const say = (message: HandlingMessage) => process.send?.(message)

const consumer = getPostgreSQLEventStore(url).consumer<Deposited>()
consumer.reactor<Deposited>({
  processorId: 'handler',
  eachMessage: ({ metadata }) => {
    say({ position: Number(metadata.globalPosition), at: machineNow() })
  },
})
process.once('disconnect', () => process.exit(0))
void consumer.start()
say('ready')
