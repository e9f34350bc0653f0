/**
 * Stands for a bank's service, which one would `fetch`: rates wander, a charge is booked once for each key, and some
 * requests fail. It forgets everything when the process ends, as only it may.
 */
export class Bank {
  readonly booked = new Map<string, { readonly of: string; readonly amount: number }>()
  #asked = 0

  /** In dollars; another one each time. */
  rate(of: keyof typeof average): number {
    this.#asked += 1
    return Math.round(average[of] * (1 + Math.sin(this.#asked) / 100) * 10_000) / 10_000
  }

  /** The same key means the same booking. */
  book(key: string, of: string, amount: number): { readonly booking: string } {
    this.booked.set(key, { of, amount })
    return { booking: `booking ${[...this.booked.keys()].indexOf(key) + 1}` }
  }
}

const average = { EUR: 1.1, GBP: 1.25, CHF: 1.12 }

export const bank = new Bank()
