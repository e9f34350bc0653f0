import { all, some, replace, without, swapped, type Mutant } from './spoil.ts'

/** Of what readers saw. */
export const readerMutants: readonly Mutant[] = [
  {
    name: 'a reader saw an event that is not in the log',
    kind: 'dirty',
    spoil: (history) => {
      const page = some(
        all(history, 'page'),
        ({ seen, types, tenant }) => seen.length > 0 && !types && tenant === undefined,
      )
      replace(history, page, {
        seen: [...page.seen, [1_000_000, 'AAAAAAAA']],
        scannedTo: 1_000_000,
        head: 1_000_000,
      })
    },
  },
  {
    name: 'a reader saw an event twice',
    kind: 'duplicated',
    spoil: (history) => {
      const page = some(all(history, 'page'), ({ seen }) => seen.length > 1)
      replace(history, page, { seen: [...page.seen.slice(0, 1), ...page.seen] })
    },
  },
  {
    name: 'a page has events in another order',
    kind: 'reordered',
    spoil: (history) => {
      const page = some(all(history, 'page'), ({ seen }) => seen.length > 1)
      replace(history, page, { seen: swapped(page.seen) })
    },
  },
  {
    name: 'a live reader heard events in another order',
    kind: 'reordered',
    spoil: (history) => {
      const heard = some(all(history, 'heard'), ({ seen }) => seen.length > 1)
      replace(history, heard, { seen: swapped(heard.seen) })
    },
  },
  {
    name: 'a page lacks an event',
    kind: 'skipped',
    spoil: (history) => {
      const page = some(all(history, 'page'), ({ seen }) => seen.length > 2)
      replace(history, page, { seen: without(page.seen, 1) })
    },
  },
  {
    name: 'a live reader did not hear of an event',
    kind: 'skipped',
    spoil: (history) => {
      const heard = some(all(history, 'heard'), ({ seen }) => seen.length > 2)
      replace(history, heard, { seen: without(heard.seen, 1) })
    },
  },
  {
    name: 'a reader of a stream lacks an event',
    kind: 'skipped',
    spoil: (history) => {
      const page = some(all(history, 'stream'), ({ seen }) => seen.length > 2)
      replace(history, page, { seen: without(page.seen, 1) })
    },
  },
  {
    name: 'a query by tags missed an event',
    kind: 'skipped',
    spoil: (history) => {
      const read = some(all(history, 'bookings'), ({ positions }) => positions.length > 0)
      replace(history, read, { positions: without(read.positions, 0) })
    },
  },
  {
    name: 'a reader saw other data than the log has',
    kind: 'altered',
    spoil: (history) => {
      const page = some(all(history, 'page'), ({ seen }) => seen.length > 0)
      replace(history, page, { seen: page.seen.map(([position]) => [position, 'AAAAAAAA']) })
    },
  },
  {
    name: 'a state is not the fold of its stream',
    kind: 'altered',
    spoil: (history) => {
      const read = some(all(history, 'state'), ({ revision }) => revision > 0)
      replace(history, read, { balance: read.balance + 1 })
    },
  },
  {
    name: 'a page did not show what had been acknowledged',
    kind: 'stale-read',
    spoil: (history) => {
      const page = some(all(history, 'page').slice(-20))
      replace(history, page, { scannedTo: 1, head: 1, seen: [] })
    },
  },
  {
    name: 'a stream did not show what had been acknowledged',
    kind: 'stale-read',
    spoil: (history) => {
      const page = some(all(history, 'stream').slice(-40), ({ revision }) => revision > 5)
      replace(history, page, { revision: 0, seen: [] })
    },
  },
  {
    name: 'a view did not show what its reader had waited for',
    kind: 'stale-read',
    spoil: (history) => {
      const read = some(
        all(history, 'read'),
        ({ document, position, waitFor }) => document !== null && position <= waitFor,
      )
      replace(history, read, { document: null, position: 0 })
    },
  },
]
