import type { Headwater, Traffic } from 'headwater'
import { BuySeats, hall, ReturnSeat, rows, seatsPerRow } from './hall.ts'

const section = 'stalls'
const crowd = 8

/** A crowd that wants the same seats at the same time; now and then somebody gives one back. */
const traffic: Traffic = async (headwater, { rate, seed, signal }) => {
  const random = randomFrom(seed)
  await Promise.all(
    Array.from({ length: crowd }, async (_, number) => {
      const buyer = `buyer-${number + 1}`
      while (!signal.aborted) {
        await (random() < 0.25 ? giveBack(headwater, buyer, random) : buy(headwater, buyer, random))
        await pause((crowd * 1_000 * (0.5 + random())) / rate, signal)
      }
    }),
  )
}

/** One to three seats beside each other, of those that everybody wants: in front. */
async function buy(headwater: Headwater, buyer: string, random: () => number): Promise<void> {
  const row = rows[Math.floor(random() ** 2 * rows.length)] ?? 'A'
  const count = 1 + Math.floor(random() * 3)
  const first = 1 + Math.floor(random() * (seatsPerRow - count))
  const seats = Array.from({ length: count }, (_, index) => `${row}${first + index}`)
  await headwater.execute(BuySeats({ section, seats, buyer }))
}

async function giveBack(headwater: Headwater, buyer: string, random: () => number): Promise<void> {
  const { sold } = (await headwater.state(hall, section)).state
  const own = Object.keys(sold).filter((seat) => sold[seat] === buyer)
  const seat = own[Math.floor(random() * own.length)]
  if (seat !== undefined) await headwater.execute(ReturnSeat({ section, seat, buyer }))
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: string): () => number {
  let state = Array.from(seed).reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}

export default traffic
