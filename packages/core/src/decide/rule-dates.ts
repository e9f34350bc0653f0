const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * The instant that a date means, in epoch milliseconds; undefined: it is none.
 * - `2018-02-01`: midnight in the time zone
 * - `2018-02-01T06:00`: that time in the time zone
 * - `2018-02-01T06:00Z`, `2018-02-01T06:00+01:00`: that instant, whatever the time zone
 *
 * A time that a zone's clocks show twice is the first of the two; one that they leap over is the moment of the leap.
 */
export function instantOf(date: string | Date, timeZone: string): number | undefined {
  if (date instanceof Date) return Number.isNaN(date.getTime()) ? undefined : date.getTime()
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '0', offset] =
    written.exec(date) ?? []
  if (year === undefined) return undefined
  const milliseconds = Number(fraction.padEnd(3, '0'))
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milliseconds,
  )
  // The 30th of February would be some day in March.
  const isReal = new Date(local).toISOString().startsWith(date.slice(0, 10)) && Number(hour) < 24
  if (!isReal || Number(minute) > 59 || Number(second) > 59) return undefined
  return offset === undefined ? instantInZone(local, timeZone) : local - offsetOf(offset)
}

/** Whether the machine's calendar knows it. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

const day = 86_400_000

/** @param local what the zone's clocks show, as if it were UTC */
function instantInZone(local: number, timeZone: string): number {
  if (timeZone === 'UTC') return local
  const ahead = zoneOffset(timeZone)
  const candidates = [local - ahead(local - day), local - ahead(local + day)]
  const instants = candidates.filter((instant) => instant + ahead(instant) === local)
  return instants.length > 0
    ? Math.min(...instants)
    : leapBetween(Math.min(...candidates), Math.max(...candidates), ahead)
}

/** When the clocks were moved, between two instants. */
function leapBetween(from: number, to: number, ahead: (instant: number) => number): number {
  const before = ahead(from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (ahead(middle) === before) low = middle
    else high = middle
  }
  return high
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function zoneOffset(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
    return shown - Math.floor(instant / 1000) * 1000
  }
}
