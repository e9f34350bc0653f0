import type { EventQuery } from '@headwater/core'
import { Booked, Declared } from '../app.ts'
import type { AppendAsked } from '../entries.ts'
import { microseconds } from '../journal.ts'
import { booked, declarations, declared, tagsOfBooking, tenants } from '../model.ts'
import { answeredTo, answerOf, refusalOf } from './appends.ts'
import { type Player, repeat } from './player.ts'

/** A show lasts for so many seconds, in which all processes want its seats. */
const showLasts = 2
const seats = 6

/** Books seats on condition that nobody was faster: dynamic consistency boundaries. */
export function bookSeats(player: Player): Promise<void> {
  const { random } = player
  return repeat(player, 'bookings', async () => {
    const tenant = random.chance(0.2) ? tenants[1] : tenants[0]
    if (random.chance(0.03)) return declare(player, tenant)
    const show = String(Math.floor(microseconds() / 1_000_000 / showLasts))
    const data = { show, seat: String(random.between(1, seats)) }
    const query = queryFor(player, tagsOfBooking(data))
    const { scannedTo, isFree } = await look(player, tenant, show, query)
    // Whoever saw that the seat is taken mostly leaves it; some try with what they read long ago.
    if (!isFree && !random.chance(0.3)) return
    const after = random.chance(0.1) ? Math.max(0, scannedTo - random.between(1, 100)) : scannedTo
    await appendUnder(player, tenant, `show-${show}`, Booked(data), { show, query, after })
  })
}

/** No other may have declared anything since. */
async function declare(player: Player, tenant: string): Promise<void> {
  const query = { items: [{ types: [declared] }] }
  const { position: head } = await player.store.log.head(0)
  const { scannedTo: after } = await look(player, tenant, declarations, query, Math.max(0, head - 2_000))
  const event = Declared({ text: player.life })
  await appendUnder(player, tenant, declarations, event, { show: declarations, query, after })
}

function queryFor({ random }: Player, tags: readonly string[]): EventQuery {
  const [show = '', seat = ''] = tags
  switch (random.weighted({ seat: 6, typed: 3, both: 2, show: 1, either: 1 })) {
    case 'seat':
      return { items: [{ tags: [seat] }] }
    case 'typed':
      return { items: [{ types: [booked], tags: [seat] }] }
    case 'both':
      return { items: [{ types: [booked], tags: [show, seat] }] }
    case 'show':
      return { items: [{ tags: [show] }] }
    case 'either':
      return {
        items: [
          { types: [declared], tags: [show] },
          { types: [booked], tags: [seat, show] },
        ],
      }
  }
}

async function look(
  { store, journal, turn: next }: Player,
  tenant: string,
  show: string,
  query: EventQuery,
  after = 0,
) {
  const turn = next()
  const positions: number[] = []
  journal.write({ kind: 'reading', turn, what: 'bookings', of: `${tenant}/${show}` })
  let scannedTo = after
  for (let end = false; !end; ) {
    const page = await store.log.read({ branch: 0, tenant, after: scannedTo, limit: 50, query })
    positions.push(...page.events.map(({ position }) => position))
    end = page.scannedTo >= page.head
    scannedTo = page.scannedTo
  }
  journal.write({ kind: 'bookings', turn, tenant, show, query, after, scannedTo, positions })
  return { scannedTo, isFree: positions.length === 0 }
}

async function appendUnder(
  { headwater, journal, turn: next }: Player,
  tenant: string,
  stream: string,
  event: Parameters<typeof headwater.append>[1][number],
  condition: NonNullable<AppendAsked['condition']>,
): Promise<void> {
  const turn = next()
  const id = turn
  const parts = [{ stream, expected: 'any' as const, events: 1 }]
  const asked: AppendAsked = { kind: 'append', turn, id, tenant, parts, condition, isLogged: true }
  journal.write(asked)
  const answer = await headwater
    .append(stream, [event], { id, tenant, condition })
    .then((appended) => answerOf(appended, asked), refusalOf)
  journal.write(answeredTo(asked, turn, answer))
}
