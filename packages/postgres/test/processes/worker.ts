import { type Headwater, isHeadwaterError, openStore } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import { accounts, asyncTotal, Deposit, inlineTotal } from './accounts.ts'

// Does one thing without end, and prints what came of it as JSON, a line for each. It is killed, never stopped.
const [url = '', schema = '', task = '', run = ''] = process.argv.slice(2)

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function deposit(headwater: Headwater, caller: number): Promise<never> {
  for (let next = 1; ; next += 1) {
    const command = Deposit({ accountId: `${run}${caller}-${next % 3}`, amount: next % 10 })
    const outcome = await untilDecided(headwater, command, `${run}-${caller}-${next}`)
    const { position = 0 } = outcome
    // One reads what one has just written, whichever process folds it.
    const inline = await headwater.view(inlineTotal).get('all')
    const other = await headwater.view(asyncTotal).get('all', { waitFor: position, timeLimit: 60_000 })
    tell({ position, inline: inline?.doc.count ?? 0, async: other?.doc.count ?? 0 })
  }
}

/** Of many who change one document at once some lose every race; the remedy is to send the command again, under its id. */
async function untilDecided(headwater: Headwater, command: ReturnType<typeof Deposit>, id: string) {
  for (;;) {
    try {
      return await headwater.execute(command, { id })
    } catch (error) {
      if (!isHeadwaterError(error, 'command.conflict') && !isHeadwaterError(error, 'log.document-conflict'))
        throw error
    }
  }
}

async function rebuild(headwater: Headwater, view: string): Promise<never> {
  for (;;) {
    const running = await headwater.rebuild(view)
    for await (const { version, state, fraction, position, head } of running.updates({ interval: 5 }))
      tell({ view, version, state, fraction, position, head })
  }
}

const headwater = await openStore(accounts, await postgresStore({ url, schema }), { leaseDuration: 1_000 })
tell({ ready: true })
if (task === 'deposit') await Promise.all([1, 2, 3].map((caller) => deposit(headwater, caller)))
else await Promise.all([rebuild(headwater, 'inline-total'), rebuild(headwater, 'async-total')])
