import { aggregate, command, event, reject, view } from 'headwater'
import { z } from 'zod'

/** The rows of a section, and the seats of a row: `A1` to `H12`. */
export const rows = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] as const
export const seatsPerRow = 12

const seat = z.string().regex(/^[A-H]([1-9]|1[0-2])$/, 'a seat, such as C7')
const buyer = z.string().min(1).max(100)
const section = z.string().min(1).max(40)

export const SeatsSold = event('SeatsSold', z.object({ section, seats: z.array(seat), buyer }), {
  visibility: 'public',
  description: 'Seats were sold to somebody.',
})
export const SeatReturned = event('SeatReturned', z.object({ section, seat, buyer }), {
  visibility: 'public',
  description: 'Somebody gave a seat back.',
})

export const BuySeats = command(
  'BuySeats',
  z.object({ section, seats: z.array(seat).min(1).max(8), buyer }),
  {
    description: 'Buys these seats of a section, all of them or none.',
  },
)
export const ReturnSeat = command('ReturnSeat', z.object({ section, seat, buyer }))

interface Section {
  /** By seat, who has it. */
  readonly sold: Readonly<Record<string, string>>
}

const initial: Section = { sold: {} }

/**
 * A section of the hall is the boundary within which no seat is sold twice, and seats are bought together. Buyers of one
 * section wait for each other in a queue: under this contention that is quicker than to decide, lose, and decide again.
 */
export const hall = aggregate('hall', {
  description: 'A section of the hall, and who sits where.',
  id: 'section',
  concurrency: 'queue',
  events: [SeatsSold, SeatReturned],
  commands: [BuySeats, ReturnSeat],
  initial,
  evolve: {
    SeatsSold: ({ sold }, { data }) => ({
      sold: { ...sold, ...Object.fromEntries(data.seats.map((seat) => [seat, data.buyer])) },
    }),
    SeatReturned: ({ sold }, { data }) => ({
      sold: Object.fromEntries(Object.entries(sold).filter(([seat]) => seat !== data.seat)),
    }),
  },
  decide: {
    BuySeats: ({ sold }, { section, seats, buyer }) => {
      const wanted = [...new Set(seats)]
      const taken = wanted.filter((seat) => sold[seat] !== undefined)
      return taken.length > 0
        ? reject('already-sold', { data: { taken } })
        : SeatsSold({ section, seats: wanted, buyer })
    },
    ReturnSeat: ({ sold }, { section, seat, buyer }) =>
      sold[seat] === buyer ? SeatReturned({ section, seat, buyer }) : reject('not-yours'),
  },
})

/** What the page draws before it goes on with the live events. Inline: it never lags behind what was sold. */
export const seats = view('seats', {
  description: 'By section, which seats are sold.',
  events: [SeatsSold, SeatReturned],
  lifecycle: 'inline',
  initial: { sold: [] as readonly string[] },
  on: {
    SeatsSold: ({ sold }, { data }) => ({ sold: [...sold, ...data.seats] }),
    SeatReturned: ({ sold }, { data }) => ({ sold: sold.filter((seat) => seat !== data.seat) }),
  },
})
