/** A process of the app: follows, rebuilds or writes, as its task says, and ends with its parent at the latest. */
import { open, type Headwater, type ViewCommit, type ViewDatabase, type ViewStore } from 'headwater'
import { accountsIn, Deposit } from './accounts.ts'
import { databaseAt } from './places.ts'
import type { Death, Task, Told } from './process.ts'

const task = JSON.parse(process.argv[2] ?? '') as Task
process.stdin.on('end', () => process.exit()).resume()

const tell = (told: Told): boolean => process.stdout.write(`${JSON.stringify(told)}\n`)
const die = (): boolean => process.kill(process.pid, 'SIGKILL')

/** Commits little at a time, so that there are many instants at which it can be killed. */
function mortal(database: ViewDatabase, death: Death | undefined): ViewDatabase {
  return { name: database.name, open: () => dyingStore(database.open(), death) }
}

function dyingStore(store: ViewStore, death: Death | undefined): ViewStore {
  let commits = 0
  return {
    name: store.name,
    largestCommit: { documents: 5, bytes: 1_000_000 },
    define: (...given) => store.define(...given),
    drop: (...given) => store.drop(...given),
    get: (...given) => store.get(...given),
    list: (query) => store.list(query),
    count: (...given) => store.count(...given),
    position: (...given) => store.position(...given),
    close: () => store.close(),
    async commit(commit: ViewCommit) {
      commits += 1
      const when = commits === death?.commit ? death.when : undefined
      if (when === 'before') die()
      const committed = store.commit(commit)
      // Sent, as far as it is up to this process, and answered by nobody yet.
      if (when === 'during') setImmediate(die)
      await committed
      if (when === 'after') die()
    },
  }
}

async function rebuild(headwater: Headwater): Promise<never> {
  for (;;) {
    const { version } = await (await headwater.rebuild('balances')).done()
    tell({ kind: 'switched', version })
  }
}

async function write(headwater: Headwater): Promise<never> {
  for (let n = 1; ; n += 1) {
    const accountId = `${task.owner}-${n % 3}`
    const { position = 0 } = await headwater.execute(Deposit({ accountId, amount: n % 10 }))
    const row = await headwater.view(balances).get(accountId, { waitFor: position, timeLimit: 30_000 })
    tell({ kind: 'read', account: accountId, deposits: row?.doc.deposits ?? 0, position })
  }
}

const { accounts, balances } = accountsIn(mortal(databaseAt(task.place), task.death))
const headwater = await open(accounts, {
  db: task.db,
  owner: task.owner,
  leaseDuration: 500,
  roles: task.kind === 'write' ? [] : ['views'],
})
tell({ kind: 'running' })
if (task.kind === 'rebuild') await rebuild(headwater)
if (task.kind === 'write') await write(headwater)
