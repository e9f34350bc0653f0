import { CommandHandler } from '@event-driven-io/emmett'
import { accountName, payload, type Payload } from '../../data/payload.ts'
import { drive } from '../../measure/load.ts'
import { quietly } from '../../measure/quiet.ts'
import { hotStreams, pickAccount, priorEvents } from '../command-peer.ts'
import type { CommandPeer } from './command-peer.ts'
import { connectEmmett, createEmmett } from './emmett-store.ts'

type Deposited = { type: 'Deposited'; data: Payload }
type Account = { balance: number }

const deposited = (account: number, n: number): Deposited => ({
  type: 'Deposited',
  data: { ...payload(n), account: accountName(account) },
})

const streamOf = (account: number) => `account-${accountName(account)}`

/** Tries a command again that met another one on its stream, as it does by default. */
const handle = CommandHandler<Account, Deposited>({
  initialState: () => ({ balance: 0 }),
  evolve: (state, { data }) => ({ balance: state.balance + data.amount }),
  retry: { onVersionConflict: true },
})

export const emmettCommand: CommandPeer = {
  name: 'emmett-postgresql',
  fill: async (url) => {
    await createEmmett(url)
    const { store, close } = await connectEmmett(url, 4)
    let next = 0
    const fill = async () => {
      for (let account = next++; account < hotStreams; account = next++) {
        const events = Array.from({ length: priorEvents }, (_, n) => deposited(account, n))
        await store.appendToStream(streamOf(account), events)
      }
    }
    await Promise.all(Array.from({ length: 4 }, fill))
    await close()
  },
  connect: async (url, connections) => {
    const { store, close } = await connectEmmett(url, connections)
    let n = 0
    return {
      slice: (callers, milliseconds) =>
        quietly(() =>
          drive(callers, milliseconds, () => {
            const account = pickAccount()
            const event = deposited(account, n++)
            return handle(store, streamOf(account), ({ balance }: Account) =>
              balance + event.data.amount > Number.MAX_SAFE_INTEGER ? [] : event,
            )
          }),
        ),
      close,
    }
  },
}
