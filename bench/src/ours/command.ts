import { join } from 'node:path'
import { open, type Headwater } from 'headwater'
import { ourFile } from '../data/files.ts'
import { accountName, payload } from '../data/payload.ts'
import { drive, type Slice } from '../measure/load.ts'
import { hotStreams, pickAccount, priorEvents, type CommandPeer } from '../peers/command-peer.ts'
import { bank, Deposited, MakeDeposit } from './bank.ts'

/** Load, decide, append: the public path of every command, rejections and command rows included. */
export const ourCommand: CommandPeer = {
  name: 'headwater',
  open: async (folder) => {
    const headwater = await open(bank, { db: join(folder, ourFile) })
    await fillAccounts(headwater)
    return { slice: makeDeposits(headwater), close: () => headwater.close() }
  },
}

/** Gives the hot streams their history. */
export async function fillAccounts(headwater: Headwater): Promise<void> {
  await Promise.all(
    Array.from({ length: hotStreams }, (_, account) =>
      headwater.append(
        `account-${accountName(account)}`,
        Array.from({ length: priorEvents }, (_, n) =>
          Deposited({ ...payload(n), account: accountName(account) }),
        ),
      ),
    ),
  )
}

export function makeDeposits(
  headwater: Headwater,
): (callers: number, milliseconds: number) => Promise<Slice> {
  let n = 0
  return (callers, milliseconds) =>
    drive(callers, milliseconds, async () => {
      const command = MakeDeposit({ ...payload(n++), account: accountName(pickAccount()) })
      const outcome = await headwater.execute(command)
      if (outcome.status !== 'accepted') throw new Error(`A deposit was rejected: ${outcome.reason.code}`)
    })
}
