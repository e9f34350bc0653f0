import { digestOf, digestOfRow } from '../digest.ts'
import type { Seen } from '../entries.ts'
import { eventTypes, kindsOfAccounts, tenants } from '../model.ts'
import { oneOfFew, type Player, repeat } from './player.ts'

/** Milliseconds in which a live reader has to hear of what was recorded before. */
const patience = 60_000

interface Filter {
  readonly types?: readonly string[]
  readonly tenant?: string
}

function aFilter({ random }: Player): Filter {
  const types = eventTypes.filter(() => random.chance(0.4))
  return {
    ...(random.chance(0.4) && types.length > 0 && { types }),
    ...(random.chance(0.3) && { tenant: random.pick(tenants) }),
  }
}

/** Reads the log page by page, at its end and from the middle, with and without filters. */
export function readPages(player: Player): Promise<void> {
  const { random, store, journal } = player
  let after = 0
  let filter: Filter = {}
  return repeat(player, 'pages', async () => {
    if (random.chance(0.05)) {
      const head = await store.log.head(0)
      after = random.between(0, head.position)
      filter = aFilter(player)
    }
    const turn = player.turn()
    const limit = random.pick([1, 7, 50, 300])
    journal.write({ kind: 'reading', turn, what: 'page' })
    const query = { branch: 0, tenant: filter.tenant, after, limit }
    const page = await store.log.read({ ...query, ...(filter.types && { types: filter.types }) })
    const seen = page.events.map((row): Seen => [row.position, digestOfRow(row)])
    const { scannedTo, head } = page
    journal.write({ kind: 'page', turn, after, limit, scannedTo, head, seen, ...filter })
    after = Math.max(after, scannedTo)
  })
}

/** Reads streams from where it pleases. */
export function readStreams(player: Player): Promise<void> {
  const { random, store, journal } = player
  return repeat(player, 'streams', async () => {
    const turn = player.turn()
    const tenant = random.chance(0.2) ? tenants[1] : tenants[0]
    const stream = `${random.pick([...kindsOfAccounts, 'raw'])}-${oneOfFew(player)}`
    const after = random.chance(0.5) ? 0 : random.between(0, 500)
    const limit = random.pick([1, 10, 500])
    journal.write({ kind: 'reading', turn, what: 'stream', of: `${tenant}/${stream}` })
    const page = await store.log.readStream({ branch: 0, tenant, stream, after, limit })
    const seen = page.events.map((row): Seen => [row.revision, digestOfRow(row)])
    journal.write({ kind: 'stream', turn, tenant, stream, after, limit, revision: page.revision, seen })
  })
}

/** Follows the log as those do who are served by server-sent events: again from where it was each time it is cut off. */
export async function followLive(player: Player): Promise<void> {
  const { random, store } = player
  let after = 0
  let filter: Filter = {}
  await repeat(player, 'live', async () => {
    if (random.chance(0.3)) {
      const head = await store.log.head(0)
      after = Math.max(0, head.position - random.between(0, 500))
      filter = aFilter(player)
    }
    after = await followFor(player, after, filter, 200 + 3_000 * random.next())
  })
}

/** @returns how far it came */
async function followFor(
  player: Player,
  from: number,
  filter: Filter,
  milliseconds: number,
): Promise<number> {
  const { headwater, journal, stopping, turn } = player
  const session = turn()
  const { tenant, types } = filter
  const cut = new AbortController()
  const signal = AbortSignal.any([cut.signal, stopping])
  const timer = setTimeout(() => cut.abort(), milliseconds)
  journal.write({ kind: 'live', session, after: from, ...filter })
  const scope = tenant === undefined ? { allTenants: true } : { tenant }
  const options = { after: from, live: true, signal, ...scope, ...(types && { types }) }
  let seen: Seen[] = []
  let position = from
  const write = (): void => {
    if (seen.length > 0) journal.write({ kind: 'heard', session, seen })
    seen = []
  }
  try {
    for await (const event of headwater.events(options)) {
      if (seen.length === 0) setImmediate(write)
      seen.push([event.position, digestOf(event)])
      position = event.position
    }
  } finally {
    clearTimeout(timer)
  }
  write()
  journal.write({ kind: 'left', session })
  return position
}

/** Reads all of the log live, and says so if that does not come to its end. */
export async function followToHead(player: Player): Promise<void> {
  const { headwater, store, journal, turn } = player
  const { position: head } = await store.log.head(0)
  if (head === 0) return
  const session = turn()
  const signal = AbortSignal.timeout(patience)
  journal.write({ kind: 'live', session, after: 0 })
  let last = 0
  let seen: Seen[] = []
  for await (const event of headwater.events({ live: true, allTenants: true, signal })) {
    seen.push([event.position, digestOf(event)])
    last = event.position
    if (seen.length < 500 && last < head) continue
    journal.write({ kind: 'heard', session, seen })
    seen = []
    if (last >= head) break
  }
  journal.write({ kind: 'left', session })
  if (last < head) journal.write({ kind: 'stuck', what: `a live reader came to ${last} of ${head}` })
}
