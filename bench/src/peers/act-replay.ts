import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { SqliteStore } from '@rotorsoft/act-sqlite'
import { payload, type Payload } from '../data/payload.ts'
import { fillBatch, keyOf, type ReplayPeer } from '../replay/job.ts'

const page = 5_000

function open(folder: string): SqliteStore {
  return new SqliteStore({ url: `file:${join(folder, 'act.db')}` })
}

/** Act reads its log in pages and folds into memory: its views are not stored, so this is the least it can do. */
export const actReplay: ReplayPeer = {
  name: 'act-sqlite',
  share: (events) => Math.ceil(events / 10),
  fill: async (folder, events) => {
    const store = open(folder)
    await store.seed()
    for (let n = 0; n < events; n += fillBatch) {
      const batch = Array.from({ length: Math.min(fillBatch, events - n) }, (_, at) => ({
        name: 'Deposited',
        data: payload(n + at),
      }))
      await store.commit(`account-${n}`, batch, { correlation: String(n), causation: {} })
    }
    await store.dispose()
  },
  replay: async ({ kind, place: folder, events }) => {
    const begin = performance.now()
    const store = open(folder)
    const totals = new Map<string, { total: number; deposits: number }>()
    const by = kind === 'handler' ? undefined : keyOf(kind)
    let seen = 0
    for (let after = -1; seen < events; ) {
      const count = await store.query<{ Deposited: Payload }>(
        (event) => {
          after = event.id
          seen++
          if (by === undefined) return
          const old = totals.get(event.data[by])
          totals.set(event.data[by], {
            total: (old?.total ?? 0) + event.data.amount,
            deposits: (old?.deposits ?? 0) + 1,
          })
        },
        { after, limit: page },
      )
      if (count === 0) throw new Error(`Act's log ended after ${seen} of ${events} events`)
    }
    const time = performance.now() - begin
    await store.dispose()
    return time
  },
}
