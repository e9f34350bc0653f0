import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { rateOf } from '../measure/turn.ts'
import type { AppendPeer } from '../peers/postgres/append-peer.ts'
import { withDatabase } from './cluster.ts'

const callers = 64

/** Appends so many events in slices, and tells the rates of the first and of the last tenth. */
export function tenths(
  peer: AppendPeer,
  events: number,
  nextStream: () => string,
): Promise<{ readonly first: number; readonly last: number }> {
  return withDatabase(async (url) => {
    await peer.create(url)
    const load = await peer.connect(url, callers)
    const marks: { done: number; at: number }[] = [{ done: 0, at: 0 }]
    let done = 0
    let time = 0
    try {
      // The code is warm before the log begins to count.
      await load.slice(callers, 500, nextStream)
      while (done < events || marks.length <= 20) {
        const slice = await load.slice(callers, 100, nextStream)
        done += slice.done
        time += slice.milliseconds
        marks.push({ done, at: time })
      }
    } finally {
      await load.close()
    }
    const rate = (from: number, to: number) => {
      const begin = marks.findLast((mark) => mark.done <= from * done)
      const end = marks.find((mark) => mark.done >= to * done)
      if (begin === undefined || end === undefined) return 0
      return ((end.done - begin.done) / (end.at - begin.at)) * 1000
    }
    return { first: rate(0, 0.1), last: rate(0.9, 1) }
  })
}

/** The rate while somebody else's transaction, which has written, stays open in the same database; and the rate before. */
export function besideTransaction(
  peer: AppendPeer,
  milliseconds: number,
  nextStream: () => string,
): Promise<{ readonly during: number; readonly before: number }> {
  return withDatabase(async (url) => {
    await peer.create(url)
    const stranger = new pg.Client({ connectionString: url })
    await stranger.connect()
    await stranger.query('CREATE TABLE foreign_work (begun_at double precision)')
    const load = await peer.connect(url, callers)
    try {
      await load.slice(callers, 500, nextStream)
      const before = rateOf(peer.name, callers, await load.slice(callers, milliseconds / 2, nextStream))
      await stranger.query('BEGIN')
      await stranger.query('INSERT INTO foreign_work VALUES ($1)', [performance.now()])
      const during = rateOf(peer.name, callers, await load.slice(callers, milliseconds, nextStream))
      await stranger.query('ROLLBACK')
      return { during, before }
    } finally {
      await load.close()
      await stranger.end()
    }
  })
}
