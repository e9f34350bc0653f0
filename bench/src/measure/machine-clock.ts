/** Milliseconds by a clock that all processes of the machine share and nobody sets. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1_000_000
}
