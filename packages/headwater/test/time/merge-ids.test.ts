import { type Branch, type Headwater, type OpenOptions, openStore } from 'headwater'
import { describe, expect, it } from 'vitest'
import { type MakeStore, storesOf } from '../support/stores.ts'
import { Deposit, wallets, Withdraw } from '../support/wallets.ts'

const silent = { onError: () => undefined }
const why = 'it was so'

/** A wallet that is richer on a branch: what `x` may take there, it may not on main. */
async function richer(headwater: Headwater): Promise<Branch> {
  await headwater.branches.create('one')
  const branch = headwater.branch('one')
  await branch.execute(Deposit({ walletId: 'a', amount: 50 }), { id: 'deposit' })
  await branch.execute(Withdraw({ walletId: 'a', amount: 40 }), { id: 'x' })
  return branch
}

describe.each(
  storesOf('merging-ids'),
)('merging a command that main has decided, with %s,', (_name, makeStore) => {
  const inNewApp = async (work: (headwater: Headwater) => Promise<void>, options: OpenOptions = {}) =>
    withApp(makeStore, work, options)

  it('shows what became of it there, and keeps everything from being merged until somebody chooses', () =>
    inNewApp(async (headwater) => {
      const branch = await richer(headwater)
      await headwater.execute(Withdraw({ walletId: 'a', amount: 40 }), { id: 'x' })
      const rejected = { id: 'x', status: 'rejected', reason: { code: 'too-poor', message: '0 < 40' } }
      for (const resolve of [undefined, 'mine'] as const) {
        const choices = resolve === undefined ? {} : { resolve }
        expect((await branch.plan(choices)).conflicts).toMatchObject([
          { stream: 'wallet-a', kind: 'decided', steps: ['x'], theirs: [], decided: [rejected] },
        ])
        await expect(branch.merge({ why, ...choices })).rejects.toMatchObject({
          code: 'merge.conflict',
          details: { conflicts: [{ kind: 'decided', decided: [rejected] }] },
        })
      }
      expect((await headwater.head()).position).toBe(0)
    }))

  it('leaves it out where the other side is to have its way', () =>
    inNewApp(async (headwater) => {
      const branch = await richer(headwater)
      await headwater.execute(Withdraw({ walletId: 'a', amount: 40 }), { id: 'x' })
      const merged = await branch.merge({ why, resolve: 'theirs' })
      expect(merged).toMatchObject({ steps: ['deposit'], left: ['x'] })
      expect((await headwater.state('wallet-a')).state).toMatchObject({ balance: 50 })
    }))

  it('gives the answer that it got there where it is decided again', () =>
    inNewApp(async (headwater) => {
      const branch = await richer(headwater)
      await headwater.execute(Withdraw({ walletId: 'a', amount: 40 }), { id: 'x' })
      const merged = await branch.merge({ why, resolve: 'decide' })
      expect(merged.steps).toEqual(['deposit'])
      expect(merged.decided).toMatchObject([{ id: 'x', status: 'rejected', reason: { code: 'too-poor' } }])
    }))

  it('is refused the id of another command that was accepted in another stream', () =>
    inNewApp(async (headwater) => {
      const branch = await richer(headwater)
      await headwater.execute(Deposit({ walletId: 'b', amount: 1 }), { id: 'x' })
      expect((await branch.plan()).conflicts).toMatchObject([
        { stream: 'wallet-a', kind: 'decided', theirs: [], decided: [{ id: 'x', status: 'accepted' }] },
      ])
      const { decided } = await branch.merge({ why, resolve: 'decide' })
      expect(decided).toMatchObject([{ id: 'x', status: 'rejected', reason: { code: 'command.id-reused' } }])
    }))

  it('holds for amendments, which nobody can decide again', () =>
    inNewApp(async (headwater) => {
      await headwater.execute(Deposit({ walletId: 'a', amount: 5 }), { id: 'five' })
      await headwater.branches.create('one')
      const branch = headwater.branch('one')
      await branch.ignore('five.1', { why, id: 'x' })
      await headwater.execute(Withdraw({ walletId: 'b', amount: 40 }), { id: 'x' })
      for (const resolve of ['mine', 'decide'] as const)
        expect((await branch.plan({ resolve })).conflicts).toMatchObject([{ kind: 'decided', steps: ['x'] }])
      expect(await branch.merge({ why, resolve: 'theirs' })).toMatchObject({ steps: [], left: ['x'] })
    }))

  it('is the same conflict where main decides it while it is merged', async () => {
    let asked = 0
    let headwater: Headwater | undefined
    const mayMerge = async () => {
      asked += 1
      await headwater?.execute(Withdraw({ walletId: 'b', amount: 40 }), { id: 'x' })
      return true
    }
    await inNewApp(
      async (opened) => {
        headwater = opened
        const branch = await richer(opened)
        await expect(branch.merge({ why })).rejects.toMatchObject({ code: 'merge.conflict' })
        expect(asked).toBe(1)
        expect((await opened.head()).position).toBe(0)
      },
      { mayMerge },
    )
  })
})

async function withApp(
  makeStore: MakeStore,
  work: (headwater: Headwater) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const headwater = await openStore(wallets, await makeStore(), { ...silent, ...options })
  try {
    await work(headwater)
  } finally {
    await headwater.close()
  }
}
