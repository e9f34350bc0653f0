import { aggregate, reject } from 'headwater'
import { IssueCreditNote } from './commands.ts'
import { CreditNoteIssued } from './events.ts'
import { totalOf } from './line.ts'

export const creditNote = aggregate('creditNote', {
  description:
    'Money back, for goods that came back or for a discount. It stands by itself: not every one names its order.',
  events: [CreditNoteIssued],
  commands: [IssueCreditNote],
  initial: { issued: false },
  evolve: { CreditNoteIssued: () => ({ issued: true }) },
  decide: {
    IssueCreditNote: ({ issued }, data) =>
      issued ? reject('already-issued') : CreditNoteIssued({ ...data, total: totalOf(data.lines) }),
  },
})
