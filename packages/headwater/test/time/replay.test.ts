import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changes, each, inNewBank, nothing, orders, replays, sendAll, tails } from '../support/replaying.ts'
import { storesOf } from '../support/stores.ts'

describe.each(storesOf('replaying'))('replaying decisions, with %s,', (name, makeStore) => {
  const numRuns = { memory: 60, SQLite: 12 }[name] ?? 6

  it('reproduces every event, id and time where nothing was amended', async () => {
    await fc.assert(
      fc.asyncProperty(orders, tails, async (past, tail) =>
        inNewBank(makeStore, async (headwater) => {
          await sendAll(headwater, past, 'past')
          await headwater.branches.create('same')
          const branch = headwater.branch('same')
          await sendAll(branch, tail, 'tail')
          const before = (await each(branch.events())).map((event) => event.toJSON())
          const clean = await branch.replay({ mode: 'decisions' })
          expect(clean.decisions).toMatchObject({ from: null, commands: { decided: 0 } })
          const all = await branch.replay({ mode: 'decisions', all: true })
          expect(changes(all)).toEqual(nothing)
          expect(all.decisions).toMatchObject({ undecided: [], outcomes: [] })
          expect(all.decisions?.commands.decided).toBe(all.decisions?.commands.looked)
          expect((await each(branch.events())).map((event) => event.toJSON())).toEqual(before)
        }),
      ),
      { numRuns: numRuns / 2 },
    )
  })

  it('comes to what deciding everything from scratch comes to, once; main sees it when it is merged', async () => {
    await fc.assert(replays(makeStore), { numRuns })
  })
})
