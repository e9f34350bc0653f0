import type { Every } from '@headwater/client'

/** Round values from below the lowest to above the highest, about so many. */
export function ticksBetween(lowest: number, highest: number, about: number): readonly number[] {
  const span = highest - lowest || Math.max(1, Math.abs(highest))
  const rough = span / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const ticks: number[] = []
  const last = Math.ceil(highest / step - 1e-9)
  for (let index = Math.floor(lowest / step + 1e-9); index <= last; index++)
    ticks.push(Number((index * step).toPrecision(12)))
  return ticks.length > 1 ? ticks : [...ticks, (ticks[0] ?? 0) + step]
}

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 2 })

/** `1.2K`, `340`, `0.05`: a value on an axis. */
export function shortNumber(value: number): string {
  return compact.format(value)
}

/** The beginning of a period, as its zone's calendar says it. */
export function periodName(from: string, every: Every, timeZone: string): string {
  const parts: Intl.DateTimeFormatOptions =
    every === 'hour'
      ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
      : every === 'month'
        ? { month: 'short', year: 'numeric' }
        : { day: 'numeric', month: 'short', year: 'numeric' }
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(new Date(from))
}

/** So many of some items at most, evenly apart, by their index; the first one is among them. */
export function everyNth(length: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most))
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step)
}
