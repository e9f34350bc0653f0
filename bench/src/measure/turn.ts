import { perSecond, takeFailures, type Slice } from './load.ts'

/** A slice's rate; what failed is said. */
export function rateOf(name: string, callers: number, slice: Slice): number {
  for (const [message, count] of takeFailures()) {
    process.stderr.write(
      `  ${name} at ${callers} callers: ${count} of ${slice.done + slice.failed} failed: ${message}\n`,
    )
  }
  return perSecond(slice)
}
