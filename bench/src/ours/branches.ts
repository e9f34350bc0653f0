import { performance } from 'node:perf_hooks'
import {
  app,
  type App,
  type Branch,
  type Headwater,
  open,
  type RecordedEvent,
  type View,
  view,
} from 'headwater'
import { payload } from '../data/payload.ts'
import { median } from '../measure/statistics.ts'
import { account, Deposited, type Total, totals } from './bank.ts'
import { foldAgain } from './refold.ts'

const byAccount = totals('by-account', 'account', Deposited)
/** A hundred keys: each holds 1 % of the log. */
const byCents = summed('by-cents', (amount) => String(amount % 100))
const turnover = summed('turnover', () => 'all')
const turnoverWithUndo = view('turnover-with-undo', {
  events: [Deposited],
  key: () => 'all',
  initial: { total: 0, deposits: 0 } satisfies Total as Total,
  on: { Deposited: (document, { data }) => sum(document, data.amount, 1) },
  undo: { Deposited: (document, { data }) => sum(document, -data.amount, -1) },
})

/** On one log, with other views. */
const apps = {
  small: [byAccount],
  'one-percent': [byAccount, byCents],
  hot: [turnover],
  'hot-undo': [turnoverWithUndo],
} as const satisfies Record<string, readonly View[]>

export type Omission = keyof typeof apps

const bankOf = (views: readonly View[]): App => app({ name: 'bank', aggregates: [account], views })
/** The events in which a branch differs that is read from. */
const differing = 10
/** So many reads are timed as one. */
const atOnce = 100
const patience = 15 * 60_000

export interface Reads {
  readonly branch: number
  readonly main: number
}

/** Milliseconds until a branch is there, at the end of the log; the median. */
export async function timeCreating(db: string, samples: number): Promise<number> {
  const headwater = await open(bankOf([]), { db, processors: false })
  try {
    const times: number[] = []
    for (let index = -1; index < samples; index += 1) {
      const begin = performance.now()
      await headwater.branches.create('new')
      if (index >= 0) times.push(performance.now() - begin)
      await headwater.branch('new').drop()
    }
    return median(times)
  } finally {
    await headwater.close()
  }
}

/** Microseconds of a read on a branch that differs in ten events, and of the same read on main; the medians. */
export async function timeReading(
  db: string,
  events: number,
  rounds: number,
): Promise<Readonly<Record<'document' | 'aggregate' | 'document-elsewhere' | 'aggregate-elsewhere', Reads>>> {
  const headwater = await open(bankOf(apps['one-percent']), { db })
  try {
    await headwater.view(byAccount).get('', { waitFor: events, timeLimit: patience })
    await headwater.branches.create('read')
    const branch = headwater.branch('read')
    const changed = await differ(headwater, branch, events)
    const others = await somewhere(headwater, events, differing)
    const documents = (of: readonly RecordedEvent[]) => (on: Pick<Headwater, 'view'>, index: number) =>
      on.view(byAccount).get(payload(Number(of[index % of.length]?.position ?? 1) - 1).account)
    const aggregates = (of: readonly RecordedEvent[]) => (on: Pick<Headwater, 'state'>, index: number) =>
      on.state(account, of[index % of.length]?.aggregateId ?? '')
    const reads = async (
      read: (on: Headwater | Branch, index: number) => Promise<unknown>,
    ): Promise<Reads> => {
      const branches: number[] = []
      const mains: number[] = []
      for (let round = -1; round < rounds; round += 1) {
        const [one, other] = [await timeOf(branch, read), await timeOf(headwater, read)]
        if (round >= 0) branches.push(one)
        if (round >= 0) mains.push(other)
      }
      return { branch: median(branches), main: median(mains) }
    }
    const times = {
      document: await reads(documents(changed)),
      aggregate: await reads(aggregates(changed)),
      'document-elsewhere': await reads(documents(others)),
      'aggregate-elsewhere': await reads(aggregates(others)),
    }
    await branch.drop()
    return times
  } finally {
    await headwater.close()
  }
}

/**
 * Milliseconds of omitting an event from anywhere on a new branch and seeing all that differs; and of folding all views
 * again. The medians.
 */
export async function timeOmitting(
  db: string,
  events: number,
  which: Omission,
  samples: number,
): Promise<{ readonly omit: number; readonly refold: number }> {
  const views: readonly View[] = apps[which]
  const headwater = await open(bankOf(views), { db })
  try {
    for (const { name } of views) {
      // The first who asks for the past has the history indexed.
      await headwater.view(name).get('', { waitFor: events, timeLimit: patience })
      await headwater.view(name).get('', { at: events, timeLimit: patience })
    }
    const times: number[] = []
    const targets = await somewhere(headwater, events, samples + 1)
    for (const [index, { id }] of targets.entries()) {
      const begin = performance.now()
      await headwater.branches.create('omit')
      const branch = headwater.branch('omit')
      await branch.ignore(id, { why: 'what if' })
      const { documents } = await branch.diff()
      if (index > 0) times.push(performance.now() - begin)
      if (documents.length !== views.length) throw new Error('A document of each view differs')
      await branch.drop()
    }
    return { omit: median(times), refold: await foldAgain(headwater, views, targets[0]?.id ?? '') }
  } finally {
    await headwater.close()
  }
}

/** Half of it is omitted, half is recorded. */
async function differ(
  headwater: Headwater,
  branch: Branch,
  events: number,
): Promise<readonly RecordedEvent[]> {
  const changed = await somewhere(headwater, events, differing)
  for (const [index, { id, stream, position }] of changed.entries()) {
    if (index % 2 === 0) await branch.ignore(id, { why: 'what if' })
    else await branch.append(stream, [Deposited(payload(position - 1))])
  }
  return changed
}

async function somewhere(
  headwater: Headwater,
  events: number,
  count: number,
): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = []
  while (found.length < count) {
    const after = Math.floor(Math.random() * events)
    found.push(...(await headwater.readEvents({ after, limit: 1 })).events)
  }
  return found
}

/** Microseconds of one. */
async function timeOf<On>(on: On, read: (on: On, index: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  for (let index = 0; index < atOnce; index += 1) await read(on, index)
  return ((performance.now() - begin) / atOnce) * 1_000
}

function summed(name: string, key: (amount: number) => string) {
  return view(name, {
    events: [Deposited],
    key: ({ data }) => key(data.amount),
    initial: { total: 0, deposits: 0 } satisfies Total as Total,
    on: { Deposited: (document, { data }) => sum(document, data.amount, 1) },
  })
}

function sum({ total, deposits }: Total, amount: number, count: number): Total {
  return { total: total + amount, deposits: deposits + count }
}
