import type { Every, ForecastMethod, ForecastOptions } from '@headwater/client'

export const everies: readonly Every[] = ['hour', 'day', 'week', 'month']
export const measures = { value: 'its value', change: 'its change' } as const
export const levels = ['0.5', '0.8', '0.9', '0.95', '0.99'] as const

/** What each method expects. */
export const methods: Readonly<Record<ForecastMethod, string>> = {
  naive: 'that it stays as it was last',
  'seasonal-naive': 'what was so a season ago',
  drift: 'that it goes on as it went on average',
  trend: 'a straight line by least squares',
  holt: 'a level and a slope that follow the series',
  'holt-winters': 'a level, a slope and seasons that follow the series',
}

/** What a form says, as the address keeps it: all text, empty where nothing is said. */
export interface Asked {
  readonly field: string
  readonly key: string
  readonly every: string
  readonly measure: string
  readonly horizon: string
  readonly method: string
  readonly level: string
  readonly to: string
}

export const initial: Asked = {
  field: '',
  key: '',
  every: 'day',
  measure: 'value',
  horizon: '14',
  method: '',
  level: '0.9',
  to: '',
}

export function askedIn(address: URLSearchParams): Asked {
  const read = (name: keyof Asked) => address.get(name) ?? initial[name]
  return {
    field: read('field'),
    key: read('key'),
    every: read('every'),
    measure: read('measure'),
    horizon: read('horizon'),
    method: read('method'),
    level: read('level'),
    to: read('to'),
  }
}

/** As the address keeps it: only what is not so anyway. */
export function addressOf(asked: Asked): Record<string, string> {
  const said = Object.entries(asked).filter(
    ([name, value]) => value !== '' && value !== initial[name as keyof Asked],
  )
  return Object.fromEntries(said)
}

export function optionsOf(asked: Asked): Omit<ForecastOptions, 'signal'> {
  const { field, key, to } = asked
  return {
    field,
    every: everies.find((one) => one === asked.every) ?? 'day',
    measure: asked.measure === 'change' ? 'change' : 'value',
    horizon: Number(asked.horizon),
    level: Number(asked.level),
    method: isMethod(asked.method) ? asked.method : undefined,
    key: key === '' ? undefined : key,
    to: to === '' ? undefined : new Date(to),
  }
}

function isMethod(text: string): text is ForecastMethod {
  return Object.hasOwn(methods, text)
}
