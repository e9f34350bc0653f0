export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value that so large a part (0 to 1) of the values doesn't exceed; between neighbours it interpolates. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new Error('There is no percentile of nothing')
  return below + (above - below) * (place - Math.floor(place))
}
