/** What every event of every bench holds: 256 bytes as JSON. */
export type Payload = {
  readonly branch: string
  readonly account: string
  readonly amount: number
  readonly note: string
}

export const payloadBytes = 256
export const branches = 40
export const accounts = 10_000

/** The n-th payload: accounts and branches are scattered, so neighbours rarely share one, and the same in every run. */
export function payload(n: number): Payload {
  const scattered = Math.imul(n, 0x9e3779b1) >>> 0
  return {
    branch: branchNames[(scattered >>> 16) % branches] ?? '',
    account: accountName(scattered % accounts),
    amount: 100 + (n % 900),
    note: padding,
  }
}

/** An account's id; its stream is named `account-<id>`. */
export function accountName(n: number): string {
  return String(n).padStart(5, '0')
}

const branchNames = Array.from({ length: branches }, (_, n) => `branch-${String(n).padStart(2, '0')}`)

const padding = 'x'.repeat(
  payloadBytes - JSON.stringify({ branch: 'branch-00', account: '00000', amount: 100, note: '' }).length,
)
