import assert from 'node:assert/strict'
import type {
  CallIntent,
  CallSettlement,
  CallsQuery,
  ExternalJournal,
  JournaledCall,
  ListedCall,
} from '@headwater/core'
import { law } from './law.ts'

export function aCall(parts: Partial<CallIntent> = {}): CallIntent {
  return {
    branch: 0,
    tenant: '',
    caller: { kind: 'command', name: 'Pay', id: 'command-1', series: '' },
    external: 'exchange-rate',
    hash: 'eur-usd',
    number: 1,
    request: '{"from":"EUR","to":"USD"}',
    ...parts,
  }
}

const answered = (answer: CallSettlement['answer'] = '{"rate":2}'): CallSettlement => {
  return { status: 'answered', answer, error: null, attempts: 1 }
}
const failed: CallSettlement = {
  status: 'failed',
  answer: null,
  error: '{"code":"external.failed","message":"no line"}',
  attempts: 2,
}
const blocked: CallSettlement = { ...failed, status: 'blocked', attempts: 0 }

function listed(journal: ExternalJournal, parts: Partial<CallsQuery> = {}): Promise<readonly ListedCall[]> {
  return journal.list({ branch: 0, tenant: undefined, limit: 100, longest: 1_000, ...parts })
}

/** One call after the other, of callers that are numbered from 1. */
async function intendMany(
  journal: ExternalJournal,
  count: number,
  parts: Partial<CallIntent> = {},
): Promise<readonly JournaledCall[]> {
  const calls: JournaledCall[] = []
  for (let number = 1; number <= count; number++) {
    const caller = { ...aCall().caller, id: `command-${number}` }
    calls.push(await journal.intend(aCall({ caller, ...parts })))
  }
  return calls
}

const sequences = (calls: readonly Pick<JournaledCall, 'sequence'>[]): number[] =>
  calls.map(({ sequence }) => sequence)

/** The same call in all but one part of its key. */
const neighbours: readonly (readonly [part: string, call: CallIntent])[] = [
  ['branch', aCall({ branch: 7 })],
  ['tenant', aCall({ tenant: 'north' })],
  ['kind of caller', aCall({ caller: { ...aCall().caller, kind: 'reaction' } })],
  ['caller’s name', aCall({ caller: { ...aCall().caller, name: 'Refund' } })],
  ['caller’s id', aCall({ caller: { ...aCall().caller, id: 'command-2' } })],
  ['series', aCall({ caller: { ...aCall().caller, series: 'job/1' } })],
  ['external', aCall({ external: 'weather' })],
  ['request', aCall({ hash: 'eur-gbp' })],
  ['number', aCall({ number: 2 })],
]

export const externalJournalLaws = [
  law('a call that was not intended is not in the journal of externals', async (trial) => {
    const { externals } = await trial.open()
    assert.equal(await externals.find(aCall()), undefined)
    assert.deepEqual(await listed(externals), [])
    assert.equal(await externals.prune({ branch: 0, before: Number.MAX_SAFE_INTEGER, limit: 10 }), 0)
  }),

  law('an intended call is found as it was intended, without an answer', async (trial) => {
    const { externals } = await trial.open()
    const call = await externals.intend(aCall())
    const { sequence, intendedAt, ...rest } = call
    const nothing = { status: 'intended', answer: null, error: null, attempts: 0, settledAt: null }
    assert.deepEqual({ ...rest }, { ...aCall(), ...nothing })
    assert.ok(sequence > 0 && intendedAt > 0)
    assert.deepEqual({ ...(await externals.find(aCall())) }, { ...call })
  }),

  law('a call that is intended again stands as it stood', async (trial) => {
    const { externals } = await trial.open()
    const first = await externals.intend(aCall())
    assert.deepEqual({ ...(await externals.intend(aCall())) }, { ...first })
    const settled = await externals.settle(aCall(), answered())
    assert.deepEqual({ ...(await externals.intend(aCall({ request: 'another' }))) }, { ...settled })
    assert.equal((await listed(externals)).length, 1)
  }),

  law('an answer is kept with its call, as text or as bytes', async (trial) => {
    const { externals } = await trial.open()
    const { sequence } = await externals.intend(aCall())
    const text = await externals.settle(aCall(), answered())
    assert.equal(text.sequence, sequence)
    assert.equal(text.status, 'answered')
    assert.equal(text.answer, '{"rate":2}')
    assert.equal(text.attempts, 1)
    assert.ok(text.settledAt !== null && text.settledAt >= text.intendedAt)
    assert.deepEqual({ ...(await externals.find(aCall())) }, { ...text })
    const other = aCall({ number: 2, request: Uint8Array.of(0, 255) })
    await externals.settle(other, answered(Uint8Array.of(7, 0)))
    const found = await externals.find(other)
    assert.deepEqual(found?.answer, Uint8Array.of(7, 0))
    assert.deepEqual(found?.request, Uint8Array.of(0, 255))
  }),

  law('a call may be settled that nobody intended', async (trial) => {
    const { externals } = await trial.open()
    const settled = await externals.settle(aCall(), answered())
    assert.deepEqual({ ...(await externals.find(aCall())) }, { ...settled })
  }),

  law('what is answered stays answered, whatever comes later', async (trial) => {
    const { externals } = await trial.open()
    const first = await externals.settle(aCall(), answered())
    for (const later of [answered('{"rate":3}'), failed, blocked])
      assert.deepEqual({ ...(await externals.settle(aCall(), later)) }, { ...first })
    assert.deepEqual({ ...(await externals.find(aCall())) }, { ...first })
  }),

  law('of racing answers to one call one stays, and all hear of that one', async (trial) => {
    const { externals } = await trial.open()
    await externals.intend(aCall())
    const answers = [1, 2, 3, 4, 5, 6].map((rate) => answered(`{"rate":${rate}}`))
    const settled = await Promise.all(answers.map((answer) => externals.settle(aCall(), answer)))
    assert.equal(new Set(settled.map(({ answer }) => answer)).size, 1)
    assert.equal((await externals.find(aCall()))?.answer, settled[0]?.answer)
  }),

  law('of racing intents of one call there is one', async (trial) => {
    const { externals } = await trial.open()
    const calls = await Promise.all(Array.from({ length: 8 }, () => externals.intend(aCall())))
    assert.equal(new Set(sequences(calls)).size, 1)
  }),

  law('a failure gives way to what comes later, and attempts add up', async (trial) => {
    const { externals } = await trial.open()
    assert.equal((await externals.settle(aCall(), blocked)).status, 'blocked')
    const once = await externals.settle(aCall(), failed)
    assert.deepEqual([once.status, once.error, once.attempts], ['failed', failed.error, 2])
    assert.equal((await externals.settle(aCall(), failed)).attempts, 4)
    const { status, answer, error, attempts } = await externals.settle(aCall(), answered())
    assert.deepEqual([status, answer, error, attempts], ['answered', '{"rate":2}', null, 5])
  }),

  ...neighbours.map(([part, other]) =>
    law(`calls that differ in their ${part} are two`, async (trial) => {
      const { externals } = await trial.open()
      const one = await externals.settle(aCall(), answered('"one"'))
      const two = await externals.settle(other, answered('"two"'))
      assert.notEqual(one.sequence, two.sequence)
      assert.equal((await externals.find(aCall()))?.answer, '"one"')
      assert.equal((await externals.find(other))?.answer, '"two"')
    }),
  ),

  law('a call has a higher place in the journal than those before it, and no place twice', async (trial) => {
    const { externals } = await trial.open()
    const before = sequences(await intendMany(externals, 3))
    assert.deepEqual(
      before,
      before.toSorted((a, b) => a - b),
    )
    assert.equal(await externals.prune({ branch: 0, before: Number.MAX_SAFE_INTEGER, limit: 10 }), 3)
    const { sequence } = await externals.intend(aCall())
    assert.ok(sequence > Math.max(...before), 'also where the last ones were forgotten')
  }),

  law(
    'the last answer to a request is the last one up to a time, whoever asked',
    async (trial) => {
      let now = 1_000
      const { externals } = await trial.open(() => now)
      const ask = async (at: number, id: string, what: CallSettlement): Promise<void> => {
        now = at
        await externals.settle(aCall({ caller: { ...aCall().caller, id } }), what)
      }
      await ask(1_000, 'a', answered('"first"'))
      await ask(2_000, 'b', answered('"second"'))
      await ask(3_000, 'c', failed)
      await externals.intend(aCall({ caller: { ...aCall().caller, id: 'd' } }))
      const { branch, tenant, external, hash } = aCall()
      const latest = async (at: number, other: Partial<CallIntent> = {}) =>
        (await externals.latest({ branch, tenant, external, hash, ...other, at }))?.answer
      assert.equal(await latest(999), undefined)
      assert.equal(await latest(1_000), '"first"')
      assert.equal(await latest(1_999), '"first"')
      assert.equal(await latest(2_000), '"second"')
      assert.equal(await latest(9_000), '"second"', 'what failed and what is under way is no answer')
      const others = [{ branch: 7 }, { tenant: 'north' }, { external: 'weather' }, { hash: 'eur-gbp' }]
      for (const other of others) assert.equal(await latest(9_000, other), undefined)
    },
    'virtualTime',
  ),

  law('the last answer to a request is found right after it was given', async (trial) => {
    const { externals } = await trial.open()
    for (const rate of [1, 2, 3]) {
      const caller = { ...aCall().caller, id: `command-${rate}` }
      const { settledAt } = await externals.settle(aCall({ caller }), answered(`{"rate":${rate}}`))
      const { branch, tenant, external, hash } = aCall()
      const found = await externals.latest({ branch, tenant, external, hash, at: settledAt ?? 0 })
      assert.equal(found?.answer, `{"rate":${rate}}`)
      assert.equal(await externals.latest({ branch, tenant, external, hash, at: 1 }), undefined)
    }
  }),

  law('calls are listed from the last one back, each once, in pages of any size', async (trial) => {
    const { externals } = await trial.open()
    const expected = sequences(await intendMany(externals, 9)).toReversed()
    for (const limit of [1, 4, 100]) {
      const found: ListedCall[] = []
      for (;;) {
        const before = found.at(-1)?.sequence
        const page = await listed(externals, { limit, ...(before !== undefined && { before }) })
        found.push(...page)
        if (page.length < limit || found.length > expected.length) break
      }
      assert.deepEqual(sequences(found), expected)
    }
  }),

  law('calls are listed by branch, tenant, external, status, caller and place', async (trial) => {
    const { externals } = await trial.open()
    const plain = await externals.intend(aCall())
    const made = new Map<string, number>()
    for (const [part, call] of neighbours) made.set(part, (await externals.settle(call, failed)).sequence)
    const of = (...parts: string[]): number[] => parts.map((part) => made.get(part) ?? 0)
    const onMain = [...made.values()].filter((sequence) => sequence !== of('branch')[0])
    assert.deepEqual(sequences(await listed(externals, { branch: 7 })), of('branch'))
    assert.deepEqual(sequences(await listed(externals, { tenant: 'north' })), of('tenant'))
    assert.deepEqual(sequences(await listed(externals, { external: 'weather' })), of('external'))
    assert.deepEqual(sequences(await listed(externals, { status: 'intended' })), [plain.sequence])
    assert.deepEqual(sequences(await listed(externals, { status: 'failed' })), onMain.toReversed())
    assert.deepEqual(sequences(await listed(externals, { callerId: 'command-2' })), of('caller’s id'))
    const [one] = of('number')
    assert.deepEqual(sequences(await listed(externals, { sequence: one ?? 0 })), [one])
    assert.deepEqual(await listed(externals, { sequence: one ?? 0, tenant: 'north' }), [])
  }),

  law('a list leaves out what is long, and says how long it is', async (trial) => {
    const { externals } = await trial.open()
    const long = '"'.padEnd(49, 'x').concat('"')
    await externals.settle(aCall({ request: long }), answered())
    const { request: _request, ...rest } = await externals.settle(aCall({ number: 2 }), answered(long))
    const [second, first] = await listed(externals, { longest: 49 })
    const { request, requestSize, answerSize, ...listedRest } = second ?? assert.fail()
    assert.deepEqual({ ...listedRest, answer: long }, { ...rest })
    assert.deepEqual([request, requestSize, second?.answer, answerSize], [aCall().request, 25, null, 50])
    assert.deepEqual([first?.request, first?.requestSize, first?.answer], [null, 50, '{"rate":2}'])
    assert.equal((await listed(externals, { longest: 50 }))[0]?.answer, long)
  }),

  law(
    'pruning forgets the oldest calls of an external that are older than a time, so many at once',
    async (trial) => {
      let now = 1_000
      const { externals } = await trial.open(() => now)
      const old = sequences(await intendMany(externals, 5))
      const others = sequences(await intendMany(externals, 2, { external: 'weather' }))
      const elsewhere = sequences(await intendMany(externals, 1, { branch: 7 }))
      now = 2_000
      const young = sequences(await intendMany(externals, 3, { tenant: 'north' }))
      const prune = (before: number, limit: number) =>
        externals.prune({ branch: 0, external: 'exchange-rate', before, limit })
      const left = async () => sequences(await listed(externals)).toReversed()
      assert.equal(await prune(1_000, 10), 0)
      assert.equal(await prune(2_000, 2), 2)
      assert.deepEqual(await left(), [...old.slice(2), ...others, ...young])
      assert.equal(await prune(2_000, 100), 3)
      assert.equal(await prune(2_000, 100), 0)
      assert.deepEqual(await left(), [...others, ...young])
      assert.deepEqual(sequences(await listed(externals, { branch: 7 })), elsewhere)
    },
    'virtualTime',
  ),

  law('pruning a branch forgets all of its calls and no others, so many at once', async (trial) => {
    const { externals } = await trial.open()
    const main = sequences(await intendMany(externals, 2))
    await intendMany(externals, 3, { branch: 7 })
    await intendMany(externals, 2, { branch: 7, external: 'weather' })
    const prune = () => externals.prune({ branch: 7, before: Number.MAX_SAFE_INTEGER, limit: 3 })
    assert.deepEqual([await prune(), await prune(), await prune()], [3, 2, 0])
    assert.deepEqual(await listed(externals, { branch: 7 }), [])
    assert.deepEqual(sequences(await listed(externals)).toReversed(), main)
  }),

  law('calls are read in full from the first one on, each once, in pages of any size', async (trial) => {
    const { externals } = await trial.open()
    const first = await externals.settle(aCall(), answered(Uint8Array.of(0, 255)))
    const others = await intendMany(externals, 6)
    await intendMany(externals, 2, { branch: 7 })
    for (const limit of [1, 3, 7, 100]) {
      const found: JournaledCall[] = []
      for (;;) {
        const page = await externals.read({ branch: 0, after: found.at(-1)?.sequence ?? 0, limit })
        if (page.length === 0) break
        assert.ok(page.length <= limit)
        found.push(...page)
      }
      assert.deepEqual(
        found.map((call) => ({ ...call })),
        // The first caller's own is the first of the others, with another number of asking.
        [first, ...others.filter(({ sequence }) => sequence !== first.sequence)].map((call) => ({ ...call })),
      )
    }
  }),

  law(
    'calls of another journal are kept as they are there, those that are known stay as they were',
    async (trial) => {
      const { externals } = await trial.open()
      const own = await externals.settle(aCall(), answered())
      const came = { answer: '{"rate":9}', error: null, attempts: 3, intendedAt: 17, settledAt: 42 } as const
      const foreign: readonly JournaledCall[] = [
        { ...own, answer: '{"rate":3}' },
        { ...aCall({ number: 2 }), ...came, sequence: 900, status: 'answered' },
        { ...aCall({ number: 3, tenant: 'north' }), ...came, sequence: 7, status: 'failed', answer: null },
      ]
      assert.equal(await externals.keep(foreign), 2)
      assert.equal(await externals.keep(foreign), 0)
      const kept = await externals.read({ branch: 0, after: 0, limit: 10 })
      const expected = [own, ...foreign.slice(1)]
      assert.deepEqual(
        kept.map((call) => ({ ...call, sequence: 0 })),
        expected.map((call) => ({ ...call, sequence: 0 })),
      )
      assert.deepEqual(
        sequences(kept),
        sequences(kept).toSorted((one, other) => one - other),
      )
      const latest = { branch: 0, tenant: '', external: 'exchange-rate', hash: 'eur-usd' }
      assert.equal((await externals.latest({ ...latest, at: 41 }))?.answer, undefined)
      assert.equal((await externals.latest({ ...latest, at: 42 }))?.answer, '{"rate":9}')
    },
  ),

  law(
    'the journal of externals is there when the database is opened again',
    async (trial) => {
      const store = await trial.open()
      await store.externals.intend(aCall())
      const settled = await store.externals.settle(aCall({ number: 2 }), answered())
      await store.close()
      const { externals } = await trial.open()
      assert.equal((await externals.find(aCall()))?.status, 'intended')
      assert.deepEqual({ ...(await externals.find(aCall({ number: 2 }))) }, { ...settled })
    },
    'durable',
  ),
]
