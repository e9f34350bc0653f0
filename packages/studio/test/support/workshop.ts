import {
  app,
  command,
  event,
  external,
  isHeadwaterError,
  machine,
  query,
  subscription,
  view,
} from '@headwater/core'
import { z } from 'zod'

const Job = z.object({ customer: z.string().min(1), what: z.string().min(1), phone: z.string().min(4) })
const repairId = z.string().min(1).max(60)

const RepairAsked = event('RepairAsked', Job, { description: 'Somebody brought something that is broken.' })
const RepairBegun = event('RepairBegun', z.object({ by: z.string() }))
const RepairFinished = event('RepairFinished', z.object({ phone: z.string().min(4), price: z.int() }))
const RepairFetched = event('RepairFetched', z.object({}))

export const AskRepair = command('AskRepair', Job.extend({ repairId }), { description: 'Takes a job in.' })
export const BeginRepair = command('BeginRepair', z.object({ repairId, by: z.string().min(1) }))
export const FinishRepair = command(
  'FinishRepair',
  z.object({ repairId, phone: z.string(), price: z.int().min(0) }),
)
export const FetchRepair = command('FetchRepair', z.object({ repairId }))

/** What the maker says of a thing; of radios it says nothing. */
const warranty = external('warranty', {
  description: 'Asks the maker whether it pays.',
  request: z.object({ what: z.string() }),
  answer: z.object({ isPaid: z.boolean() }),
  call: ({ what }) => {
    if (what.includes('radio')) throw new Error('the maker is gone')
    return { isPaid: what.includes('kettle') }
  },
})

const repair = machine('repair', {
  description: 'One thing that is repaired.',
  events: [RepairAsked, RepairBegun, RepairFinished, RepairFetched],
  commands: [AskRepair, BeginRepair, FinishRepair, FetchRepair],
  context: { phone: '' },
  evolve: { RepairAsked: (_job, { data }) => ({ phone: data.phone }) },
  initial: 'unknown',
  states: {
    unknown: {
      commands: {
        AskRepair: {
          raises: 'RepairAsked',
          decide: (_job, { customer, what, phone }, { answer }) => {
            try {
              answer(warranty({ what }))
            } catch (error) {
              // Without an answer the customer pays.
              if (!isHeadwaterError(error, 'external.failed')) throw error
            }
            return RepairAsked({ customer, what, phone })
          },
        },
      },
      on: { RepairAsked: 'waiting' },
    },
    waiting: {
      description: 'It stands in the shelf.',
      commands: { BeginRepair: 'RepairBegun' },
      on: { RepairBegun: 'onTheBench' },
    },
    onTheBench: { commands: { FinishRepair: 'RepairFinished' }, on: { RepairFinished: 'ready' } },
    ready: { commands: { FetchRepair: 'RepairFetched' }, on: { RepairFetched: 'fetched' } },
    fetched: { final: true },
  },
})

const repairs = view('repairs', {
  description: 'What is in the workshop.',
  events: [RepairAsked, RepairBegun, RepairFinished, RepairFetched],
  initial: { customer: '', what: '', status: 'waiting' },
  on: {
    RepairAsked: (doc, { data }) => ({ ...doc, customer: data.customer, what: data.what }),
    RepairBegun: (doc) => ({ ...doc, status: 'on the bench' }),
    RepairFinished: (doc) => ({ ...doc, status: 'ready' }),
    RepairFetched: (doc) => ({ ...doc, status: 'fetched' }),
  },
  indexes: ['status'],
  search: ['customer', 'what'],
})

const FindRepair = query('FindRepair', {
  description: 'Where a repair stands.',
  input: z.object({ repairId }),
  handle: async ({ repairId }, { view }) => (await view(repairs).get(repairId))?.doc,
})

/** Who is called when something is ready; a number that begins with a zero too much can't be dialled. */
const callCustomers = subscription('call-customers', {
  description: 'Calls whoever waits for something that is ready.',
  events: [RepairFinished],
  retry: { attempts: 1 },
  handle: ({ data }) => {
    if (data.phone.startsWith('00')) throw new Error(`${data.phone} is no number that can be dialled`)
    return { called: data.phone }
  },
})

/** A workshop: with a machine, a view that can be searched, a query, and a subscription that can fail. */
export default app({
  name: 'workshop',
  aggregates: [repair],
  views: [repairs],
  queries: [FindRepair],
  subscriptions: [callCustomers],
  externals: [warranty],
})
