import { type Headwater, memoryStore, openStore, type Store } from '../../src/index.ts'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { AmendedStreams } from '../../src/time/replay/amended-streams.ts'
import { DirtyStreams } from '../../src/time/replay/dirty-streams.ts'
import { Reactions } from '../../src/time/replay/reactions.ts'
import { bank } from '../../../headwater/test/support/bank.ts'
import {
  amendAll,
  changes,
  type Drawn,
  edits,
  expected,
  knownEvents,
  nothing,
  orders,
  replays,
  type Said,
  seen,
  sendAll,
} from '../../../headwater/test/support/replaying.ts'

/** What the law of replaying has to notice. */
const faults: Readonly<Record<string, () => void>> = {
  'clean whatever a command reads': () => {
    vi.spyOn(DirtyStreams.prototype, 'isDirty').mockResolvedValue(false)
  },
  'decided over what somebody has said': () => {
    const made = AmendedStreams.prototype.made
    vi.spyOn(AmendedStreams.prototype, 'made').mockImplementation(function (
      this: AmendedStreams,
      row,
      isNew,
    ) {
      return { ...made.call(this, row, isNew), isPinned: false }
    })
  },
  'no reaction is sent again': () => {
    vi.spyOn(Reactions.prototype, 'take').mockReturnValue(undefined)
  },
  'clean for ever, once it was': () => {
    vi.spyOn(AmendedStreams.prototype, 'nextSaidIn').mockReturnValue(Number.POSITIVE_INFINITY)
  },
}

const deposit = (accountId: string, amount: number) => ({ kind: 'deposit' as const, accountId, amount })
const transfer = (accountId: string, to: string, amount: number) => {
  return { kind: 'transfer' as const, accountId, to, amount }
}

/** On the branch, the last command is decided by one who knows of an amendment that is then taken back. */
const knowing: Drawn = [
  [deposit('c', 1), transfer('c', 'a', 41), transfer('a', 'a', 1)],
  [deposit('a', 10)],
  [{ of: 0, kind: 'replace', amount: 41 }],
  [deposit('a', 2)],
  [{ of: 0, kind: 'omit', amount: 1 }],
]

describe('a replay that is faulty', () => {
  it.each(Object.entries(faults))('is found out: %s', async (_name, plant) => {
    plant()
    try {
      const property = replays(async () => memoryStore())
      const options = { numRuns: 300, endOnFailure: true, examples: [knowing] }
      await expect(fc.assert(property, options)).rejects.toThrow('Property failed')
    } finally {
      vi.restoreAllMocks()
    }
  })
})

/** A store whose log fails as often as it is told to. */
function failing(store: Store): { readonly store: Store; failAfter(appends: number): void } {
  let left = Number.POSITIVE_INFINITY
  const { log } = store
  const faulty: Store['log'] = {
    append: async (requests) => {
      left -= 1
      if (left < 0) throw new Error('The power went out')
      return log.append(requests)
    },
    appendTogether: (requests) => log.appendTogether(requests),
    read: (query) => log.read(query),
    readStream: (query) => log.readStream(query),
    readAt: (query) => log.readAt(query),
    listStreams: (query) => log.listStreams(query),
    listTenants: (query) => log.listTenants(query),
    head: (branch) => log.head(branch),
    positionAt: (branch, time) => log.positionAt(branch, time),
    onAppended: (listener) => log.onAppended(listener),
  }
  return {
    store: { ...store, log: faulty },
    failAfter: (appends) => {
      left = appends
    },
  }
}

async function amended(
  headwater: Headwater,
  past: Parameters<typeof sendAll>[1],
  list: Parameters<typeof amendAll>[1],
) {
  await sendAll(headwater, past, 'past')
  await headwater.branches.create('other')
  const branch = headwater.branch('other')
  const said: Said = { events: new Map(), inserts: new Map() }
  await amendAll(branch, list, await knownEvents(branch), said)
  return { branch, said }
}

describe('a replay that ends early', () => {
  it('is finished by another one, wherever it ended', async () => {
    await fc.assert(
      fc.asyncProperty(orders, edits, fc.array(fc.nat(4), { maxLength: 3 }), async (past, list, ends) => {
        const { store, failAfter } = failing(memoryStore())
        const headwater = await openStore(bank, store, { onError: () => undefined })
        const transfers = past.flatMap(({ kind }, index) => (kind === 'transfer' ? [index] : []))
        const { branch, said } = await amended(headwater, past, list)
        for (const end of ends) {
          failAfter(end)
          const failed = await branch.replay({ mode: 'decisions' }).catch((error: Error) => error.message)
          expect(typeof failed === 'string' ? failed : 'power').toContain('power')
        }
        failAfter(Number.POSITIVE_INFINITY)
        await branch.replay({ mode: 'decisions' })
        expect(await seen(branch, transfers)).toEqual(expected(past, [], said))
        expect(changes(await branch.replay({ mode: 'decisions' }))).toEqual(nothing)
        await headwater.close()
      }),
      { numRuns: 60 },
    )
  })

  it('ends behind the command that it is at when it is told to', async () => {
    const headwater = await openStore(bank, memoryStore(), { onError: () => undefined })
    const past = Array.from({ length: 600 }, () => ({ kind: 'deposit' as const, accountId: 'a', amount: 1 }))
    const { branch, said } = await amended(headwater, past, [{ of: 0, kind: 'omit', amount: 1 }])
    const ending = new AbortController()
    const progress: number[] = []
    const replaying = branch.replay({
      mode: 'decisions',
      signal: ending.signal,
      onProgress: ({ position }) => {
        progress.push(position)
        ending.abort(new Error('enough'))
      },
    })
    await expect(replaying).rejects.toThrow('enough')
    await branch.replay({ mode: 'decisions' })
    expect(await seen(branch, [])).toEqual(expected(past, [], said))
    expect(progress).toHaveLength(1)
    await headwater.close()
  })

  it('says what is asked wrongly, and that only branches are replayed', async () => {
    const headwater = await openStore(bank, memoryStore(), { onError: () => undefined })
    await headwater.branches.create('other')
    const branch = headwater.branch('other')
    await expect(branch.replay({ mode: 'dreams' as 'facts' })).rejects.toMatchObject({
      code: 'replay.invalid',
    })
    await expect(branch.replay({ mode: 'decisions', from: 0 })).rejects.toMatchObject({
      code: 'replay.invalid',
    })
    const [one, other] = await Promise.allSettled([
      branch.replay({ mode: 'facts' }),
      branch.replay({ mode: 'facts' }),
    ])
    expect(one).toMatchObject({
      status: 'fulfilled',
      value: { mode: 'facts', decisions: null, notFollowed: [] },
    })
    expect(other).toMatchObject({ reason: { code: 'replay.underway' } })
    expect(() => headwater.branch('main')).toThrow(expect.objectContaining({ code: 'branch.invalid' }))
    await headwater.close()
  })
})
