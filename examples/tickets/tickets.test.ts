import { like, spec } from 'headwater/spec'
import { open } from 'headwater'
import { describe, expect, onTestFinished, test } from 'vitest'
import tickets from './app.ts'
import { BuySeats, hall, ReturnSeat, rows, seats, SeatReturned, seatsPerRow, SeatsSold } from './hall.ts'
import traffic from './traffic.ts'

const section = 'stalls'
const buy = (buyer: string, ...wanted: string[]) => BuySeats({ section, seats: wanted, buyer })

describe('a section of the hall', () => {
  const sold = spec(hall).given(SeatsSold({ section, seats: ['A1', 'A2'], buyer: 'ada' }))

  test('sells seats together, or none of them', () => {
    spec(hall)
      .when(buy('ada', 'A1', 'A2', 'A1'))
      .then(SeatsSold({ section, seats: ['A1', 'A2'], buyer: 'ada' }))
    sold.when(buy('ben', 'A2', 'A3')).thenRejected('already-sold', { data: { taken: ['A2'] } })
  })

  test('takes a seat back from whom it was sold to', () => {
    const giveBack = (buyer: string) => ReturnSeat({ section, seat: 'A1', buyer })
    sold.when(giveBack('ada')).then(SeatReturned({ section, seat: 'A1', buyer: 'ada' }))
    sold.when(giveBack('ben')).thenRejected('not-yours')
    sold
      .given(giveBack('ada'))
      .when(buy('ben', 'A1'))
      .then(like(SeatsSold, { buyer: 'ben' }))
  })

  test('has no seat that it has not', () => {
    spec(hall)
      .when(() => buy('ada', 'Z1'))
      .thenFails('command.invalid')
  })

  test('shows what is sold', () => {
    spec(seats)
      .given(
        'hall-stalls',
        SeatsSold({ section, seats: ['A1', 'A2'], buyer: 'ada' }),
        SeatReturned({ section, seat: 'A1', buyer: 'ada' }),
      )
      .then({ stalls: { sold: ['A2'] } })
  })
})

describe('many buyers at once', () => {
  const everySeat = rows.flatMap((row) =>
    Array.from({ length: seatsPerRow }, (_, index) => `${row}${index + 1}`),
  )

  test('get each seat once: of twenty who want every seat of the hall, one gets it', async () => {
    const headwater = await open(tickets, { db: 'memory:' })
    onTestFinished(() => headwater.close())
    const outcomes = await Promise.all(
      everySeat.flatMap((seat) =>
        Array.from({ length: 20 }, (_, buyer) => headwater.execute(buy(`b${buyer}`, seat))),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(everySeat.length)
    expect((await headwater.view(seats).get(section))?.doc.sold.toSorted()).toEqual(everySeat.toSorted())
  })

  test('see the seats go, live', async () => {
    const headwater = await open(tickets, { db: 'memory:' })
    onTestFinished(() => headwater.close())
    const seen: string[] = []
    const watching = headwater
      .events$({ types: [SeatsSold] })
      .subscribe(({ data }) => seen.push(...data.seats))
    await headwater.execute(buy('ada', 'C7'))
    await expect.poll(() => seen).toEqual(['C7'])
    watching.unsubscribe()
  })

  test('of the simulated crowd never hold one seat together', async () => {
    const headwater = await open(tickets, { db: 'memory:' })
    onTestFinished(() => headwater.close())
    const ending = new AbortController()
    const crowd = traffic(headwater, { rate: 2_000, seed: 'test', signal: ending.signal })
    await expect.poll(async () => (await headwater.head()).position).toBeGreaterThan(60)
    ending.abort()
    await crowd
    const held = new Map<string, string>()
    const wrong: string[] = []
    for await (const { position, data } of headwater.events({ types: [SeatsSold, SeatReturned] })) {
      if ('seat' in data) {
        if (held.get(data.seat) !== data.buyer) wrong.push(`${position}: ${data.seat}`)
        held.delete(data.seat)
        continue
      }
      for (const seat of data.seats) {
        if (held.has(seat)) wrong.push(`${position}: ${seat}`)
        held.set(seat, data.buyer)
      }
    }
    expect(wrong).toEqual([])
    expect((await headwater.view(seats).get(section))?.doc.sold.toSorted()).toEqual([...held.keys()].sort())
  })
})
