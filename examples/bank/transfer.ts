import { aggregate, type EventData, reject, subscription } from 'headwater'
import {
  CompleteTransfer,
  FailTransfer,
  MakeDeposit,
  MakeWithdrawal,
  RequestTransfer,
  TransferCompleted,
  TransferFailed,
  TransferRequested,
} from './messages.ts'

interface Transfer {
  readonly status: 'none' | 'requested' | 'completed' | 'failed'
  readonly request: EventData<typeof TransferRequested> | undefined
}

const initial: Transfer = { status: 'none', request: undefined }

export const transfer = aggregate('transfer', {
  description: 'Money on its way from one account to another.',
  events: [TransferRequested, TransferCompleted, TransferFailed],
  commands: [RequestTransfer, CompleteTransfer, FailTransfer],
  initial,
  evolve: {
    TransferRequested: (_state, { data }) => ({ status: 'requested', request: data }),
    TransferCompleted: (state) => ({ ...state, status: 'completed' }),
    TransferFailed: (state) => ({ ...state, status: 'failed' }),
  },
  decide: {
    RequestTransfer: ({ status }, { from, to, amount }) => {
      if (status !== 'none') return reject('already-requested')
      if (from === to) return reject('same-account')
      return TransferRequested({ from, to, amount })
    },
    CompleteTransfer: ({ status, request }) =>
      request !== undefined && status === 'requested' ? TransferCompleted(request) : reject('not-under-way'),
    FailTransfer: ({ status, request }, { reason }) =>
      request !== undefined && status === 'requested'
        ? TransferFailed({ ...request, reason })
        : reject('not-under-way'),
  },
})

/**
 * Takes the money from one account and puts it into the other; where it can't be put there, it is given back. If the
 * process is killed in between, the handler runs again from its first line: each command has the id that it had, so what
 * was done gets the answer that it got, and nothing is done twice.
 */
export const moveMoney = subscription('move-money', {
  description: 'Debits, credits, and gives back what could not be credited.',
  events: [TransferRequested],
  // It only sends commands: replayed on a branch, transfers are carried out again, or not.
  pure: true,
  handle: async ({ aggregateId: transferId, data: { from, to, amount } }, { execute }) => {
    const source = `transfer ${transferId}`
    const debit = await execute(MakeWithdrawal({ accountId: from, amount, source }))
    if (debit.status === 'rejected') {
      await execute(FailTransfer({ transferId, reason: debit.reason.code }))
      return
    }
    const credit = await execute(MakeDeposit({ accountId: to, amount, source }))
    if (credit.status === 'accepted') {
      await execute(CompleteTransfer({ transferId }))
      return
    }
    await execute(MakeDeposit({ accountId: from, amount, source: `return of ${source}` }))
    await execute(FailTransfer({ transferId, reason: credit.reason.code }))
  },
})
