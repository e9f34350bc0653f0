import { isWhole, type SlotRange } from '../log/slots.ts'

/** All leases that have to do with processors begin so. */
export const leasePrefix = 'processor:'

/** The right to process a partition. */
export function partitionLease(processor: string, range: SlotRange): string {
  return `${leasePrefix}${processor}${isWhole(range) ? '' : `[${range.first}-${range.last}]`}`
}

/** Whether a lease is that of some partition. */
export function isPartitionLease(processor: string, lease: string): boolean {
  const whole = `${leasePrefix}${processor}`
  return lease === whole || lease.startsWith(`${whole}[`)
}

/** While an operator holds it, nobody else takes a partition. */
export function operatorLease(processor: string): string {
  return `${leasePrefix}${processor}!`
}

/** Says that a process shares in a processor's work. */
export function memberLease(processor: string, owner: string): string {
  return `${leasePrefix}${processor}?${owner}`
}

/** The right to do a reprocessing job. */
export function jobLease(processor: string, job: string): string {
  return `${leasePrefix}${processor}/${job}`
}
