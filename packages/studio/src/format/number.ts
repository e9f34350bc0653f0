const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 10 })

/** `12,345`. */
export function whole(value: number): string {
  return grouped.format(value)
}

/** `0`, `0.4`, `12.4`, `1,240`: a rate, as exact as its size deserves. */
export function rate(value: number): string {
  if (value === 0) return '0'
  return value < 100 ? value.toFixed(1) : grouped.format(Math.round(value))
}

/** `1 event`, `2 events`. */
export function count(value: number, thing: string): string {
  return `${grouped.format(value)} ${thing}${value === 1 ? '' : 's'}`
}
