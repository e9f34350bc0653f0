import { sqliteStore } from '@headwater/sqlite'
import { aRequest, to } from './requests.ts'

const store = await sqliteStore({ path: process.argv[2] ?? '' })

async function perform(task: 'append' | 'checkpoint'): Promise<void> {
  if (task === 'append') {
    await store.log.append([aRequest([to('neighbour-1')])])
    return
  }
  const lease = await store.leases.acquire('neighbour', 'neighbour', 60_000)
  if (lease === undefined) throw new Error('Somebody else has the lease')
  const checkpoint = { epoch: 'e', position: 1, eventId: null }
  await store.progress.commit({
    processor: 'p',
    branch: 0,
    lease,
    checkpoint,
    documents: [],
    park: [],
    unpark: [],
  })
}

process.on('message', (task: 'append' | 'checkpoint') => {
  void perform(task).then(() => process.send?.('done'))
})
process.send?.('ready')
