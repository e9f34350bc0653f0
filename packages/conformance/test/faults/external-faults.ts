import type { CallIntent, CallKey, ExternalJournal, Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

/** The journal, of keys that leave something out. */
function keyedBy(change: (call: CallIntent) => CallIntent): Fault['plant'] {
  return (store: Store) =>
    spoilt(store, 'externals', {
      intend: (call) => store.externals.intend(change(call)),
      settle: (call, settlement) => store.externals.settle(change(call), settlement),
      find: (key: CallKey) => store.externals.find(change({ ...key, request: '' })),
    })
}

const caller = (call: CallIntent, part: Partial<CallIntent['caller']>): CallIntent => {
  return { ...call, caller: { ...call.caller, ...part } }
}

const blind: readonly (readonly [part: string, change: (call: CallIntent) => CallIntent])[] = [
  ['branch', (call) => ({ ...call, branch: 0 })],
  ['tenant', (call) => ({ ...call, tenant: '' })],
  ['kind of caller', (call) => caller(call, { kind: 'command' })],
  ['caller’s name', (call) => caller(call, { name: 'Pay' })],
  ['caller’s id', (call) => caller(call, { id: 'command-1' })],
  ['series', (call) => caller(call, { series: '' })],
  ['external', (call) => ({ ...call, external: 'exchange-rate' })],
  ['request', (call) => ({ ...call, hash: 'eur-usd' })],
  ['number', (call) => ({ ...call, number: 1 })],
]

const spoiltJournal =
  (change: (externals: ExternalJournal) => Partial<ExternalJournal>): Fault['plant'] =>
  (store) =>
    spoilt(store, 'externals', change(store.externals))

export const externalFaults: readonly Fault[] = [
  ...blind.map(([part, change]): Fault => {
    return {
      name: `the ${part} is left out of a call’s key`,
      plant: keyedBy(change),
      foundBy: [`calls that differ in their ${part} are two`],
    }
  }),
  {
    name: 'the last answer wins',
    plant: spoiltJournal((externals) => {
      const last = new Map<number, Awaited<ReturnType<ExternalJournal['settle']>>>()
      return {
        settle: async (call, settlement) => {
          const row = { ...(await externals.settle(call, settlement)), ...settlement }
          last.set(row.sequence, row)
          return row
        },
        find: async (key) => {
          const row = await externals.find(key)
          return row && (last.get(row.sequence) ?? row)
        },
      }
    }),
    foundBy: [
      'what is answered stays answered, whatever comes later',
      'of racing answers to one call one stays, and all hear of that one',
    ],
  },
  {
    name: 'a failure is final',
    plant: spoiltJournal((externals) => ({
      settle: async (call, settlement) => {
        const known = await externals.find(call)
        return known?.status === 'failed' ? known : externals.settle(call, settlement)
      },
    })),
    foundBy: ['a failure gives way to what comes later, and attempts add up'],
  },
  {
    name: 'an intent forgets what stood there',
    plant: spoiltJournal((externals) => ({
      intend: async (call) => ({ ...(await externals.intend(call)), status: 'intended', answer: null }),
    })),
    foundBy: ['a call that is intended again stands as it stood'],
  },
  {
    name: 'what nobody intended is not settled',
    plant: spoiltJournal((externals) => ({
      settle: async (call, settlement) => {
        const known = await externals.find(call)
        if (known !== undefined) return externals.settle(call, settlement)
        return { ...call, ...settlement, sequence: 1, intendedAt: 1, settledAt: 1 }
      },
    })),
    foundBy: ['a call may be settled that nobody intended'],
  },
  {
    name: 'the last answer is looked for without regard to the time',
    plant: spoiltJournal((externals) => ({
      latest: (query) => externals.latest({ ...query, at: Number.MAX_SAFE_INTEGER }),
    })),
    foundBy: [
      'the last answer to a request is the last one up to a time, whoever asked',
      'the last answer to a request is found right after it was given',
    ],
  },
  {
    name: 'a page of calls begins with the last one of the page before',
    plant: spoiltJournal((externals) => ({
      list: ({ before, ...query }) =>
        externals.list({ ...query, ...(before !== undefined && { before: before + 1 }) }),
    })),
    foundBy: ['calls are listed from the last one back, each once, in pages of any size'],
  },
  {
    name: 'calls are listed of all tenants',
    plant: spoiltJournal((externals) => ({
      list: (query) => externals.list({ ...query, tenant: undefined }),
    })),
    foundBy: ['calls are listed by branch, tenant, external, status, caller and place'],
  },
  {
    name: 'lists hold what is long',
    plant: spoiltJournal((externals) => ({
      list: (query) => externals.list({ ...query, longest: Number.MAX_SAFE_INTEGER }),
    })),
    foundBy: ['a list leaves out what is long, and says how long it is'],
  },
  {
    name: 'pruning knows no external',
    plant: spoiltJournal((externals) => ({
      prune: ({ external: _external, ...which }) => externals.prune(which),
    })),
    foundBy: ['pruning forgets the oldest calls of an external that are older than a time, so many at once'],
  },
  {
    name: 'pruning takes all at once',
    plant: spoiltJournal((externals) => ({
      prune: (which) => externals.prune({ ...which, limit: 1_000 }),
    })),
    foundBy: [
      'pruning forgets the oldest calls of an external that are older than a time, so many at once',
      'pruning a branch forgets all of its calls and no others, so many at once',
    ],
  },
]
