import { CommandHandler } from '@event-driven-io/emmett'
import { accountName, payload, type Payload } from '../data/payload.ts'
import { drive } from '../measure/load.ts'
import { quietly } from '../measure/quiet.ts'
import { retryBusy } from '../measure/retry.ts'
import { hotStreams, pickAccount, priorEvents, type CommandPeer } from './command-peer.ts'
import { openEmmett } from './emmett-store.ts'

type Deposited = { type: 'Deposited'; data: Payload }
type Account = { balance: number }

const deposited = (account: number, n: number): Deposited => ({
  type: 'Deposited',
  data: { ...payload(n), account: accountName(account) },
})

const streamOf = (account: number) => `account-${accountName(account)}`

const handle = CommandHandler<Account, Deposited>({
  initialState: () => ({ balance: 0 }),
  evolve: (state, { data }) => ({ balance: state.balance + data.amount }),
})

export const emmettCommand: CommandPeer = {
  name: 'emmett-sqlite',
  open: async (folder) => {
    const database = await openEmmett(folder)
    for (let account = 0; account < hotStreams; account++) {
      const events = Array.from({ length: priorEvents }, (_, n) => deposited(account, n))
      await database.single.appendToStream(streamOf(account), events)
    }
    let n = 0
    return {
      slice: (callers, milliseconds) => {
        const store = callers === 1 ? database.single : database.pooled
        return quietly(() =>
          drive(callers, milliseconds, (end) => {
            const account = pickAccount()
            const event = deposited(account, n++)
            const decide = ({ balance }: Account) =>
              balance + event.data.amount > Number.MAX_SAFE_INTEGER ? [] : event
            return retryBusy(end, () => handle(store, streamOf(account), decide))
          }),
        )
      },
      close: database.close,
    }
  },
}
