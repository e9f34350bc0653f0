import { command, event } from 'headwater'
import { z } from 'zod'

const accountId = z.string().min(1).max(100)
const transferId = z.string().min(1).max(100)
const amount = z.int().min(1).max(100_000_000).describe('In pence')
const source = z.string().min(1).max(200).default('unknown')

export const AccountCreated = event(
  'AccountCreated',
  z.object({ owner: z.string(), initialBalance: z.int().min(0) }),
  { description: 'Somebody opened an account, perhaps with money in it.' },
)
export const DepositMade = event('DepositMade', z.object({ amount, source }), {
  kind: 'action-performed',
  description: 'Money came into an account.',
})
export const WithdrawalMade = event('WithdrawalMade', z.object({ amount, source }), {
  kind: 'action-performed',
  description: 'Money left an account.',
})

export const CreateAccount = command(
  'CreateAccount',
  z.object({
    accountId,
    owner: z.string().min(1).max(200),
    initialBalance: z.int().min(0).max(100_000_000).default(0),
  }),
)
export const MakeDeposit = command('MakeDeposit', z.object({ accountId, amount, source }))
export const MakeWithdrawal = command('MakeWithdrawal', z.object({ accountId, amount, source }))

const transfer = z.object({ from: accountId, to: accountId, amount })

export const TransferRequested = event('TransferRequested', transfer, {
  description: 'Money is to go from one account to another.',
})
export const TransferCompleted = event('TransferCompleted', transfer, {
  description: 'The money has arrived.',
})
export const TransferFailed = event('TransferFailed', transfer.extend({ reason: z.string() }), {
  description: 'The money is where it was.',
})

export const RequestTransfer = command('RequestTransfer', transfer.extend({ transferId }))
export const CompleteTransfer = command('CompleteTransfer', z.object({ transferId }))
export const FailTransfer = command('FailTransfer', z.object({ transferId, reason: z.string() }))
