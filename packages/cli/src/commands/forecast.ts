import type { Forecast, ForecastOptions } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, instant, integer, parsed, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { counted } from '../terminal/format.ts'
import { plot } from '../terminal/plot.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const units = { hour: 'hour', day: 'day', week: 'week', month: 'month' } as const
const methods = {
  naive: 'naive',
  'seasonal-naive': 'seasonal-naive',
  drift: 'drift',
  trend: 'trend',
  holt: 'holt',
  'holt-winters': 'holt-winters',
} as const

export const forecastCommand = command({
  name: 'forecast',
  summary: 'Continue a number in a view into the future',
  examples: [
    [
      'headwater forecast stock --field pieces --every day --for 14',
      'how much there will be, of all documents together',
    ],
    [
      'headwater forecast sales-by-country --field revenue --change --every day --for 7',
      'what is sold each day, where the field is a sum',
    ],
    ['headwater forecast stock --field pieces --key TEA --every week --for 4', 'of one document'],
    ['headwater forecast stock --field pieces --every day --for 14 --json | jq .future', 'for programs'],
  ],
  arguments: { view: { description: 'Which view' } },
  options: {
    field: text('<path>', 'The path of a number in the documents'),
    every: word('<period>', 'hour, day, week or month', units),
    for: integer('<n>', 'So many periods ahead', { min: 1, max: 1_000 }),
    key: text('<key>', 'Of this document; default: the sum of all'),
    change: flag('By how much it changes in each period, where the field is a sum'),
    method: word('<method>', `${Object.keys(methods).join(', ')}; default: the best on the past`, methods),
    season: integer('<n>', 'So many periods make a season; default: a day, week or year', {
      min: 2,
      max: 400,
    }),
    level: parsed('<share>', 'The probability of the interval; default: 0.9', readLevel),
    from: instant('The past begins here; default: with the first event'),
    to: instant('The past ends here; default: now'),
    timeZone: text('<zone>', 'The zone whose days these are', { default: 'UTC' }),
    ...onBranchOptions,
    json: flag('Print JSON: what HTTP would answer'),
  },
  notes: [
    'Each method is tried at moments of the past; the one that was off the least is taken, and how well its interval held is told.',
  ],
  run: ({ args: { view }, options, terminal }) => {
    const {
      field,
      every,
      for: horizon,
      change,
      key,
      method,
      season,
      level,
      from,
      to,
      timeZone,
      json,
    } = options
    if (field === undefined || every === undefined || horizon === undefined)
      throw usageError(
        'forecast needs --field, --every and --for',
        `headwater forecast ${view} --field total --every day --for 14`,
      )
    const asked = { field, every, horizon, key, method, season, level, from, to, timeZone }
    return withSource(options, 'views', terminal, async (source) => {
      const forecast = await source.forecast(view, { ...asked, measure: change ? 'change' : 'value' })
      await terminal.print(json ? JSON.stringify(forecast) : shown(forecast, terminal))
      if (!json) terminal.note(trusted(forecast))
    })
  },
})

/** One of some words. */
function word<Word extends string>(
  placeholder: string,
  description: string,
  words: Readonly<Record<string, Word>>,
) {
  return parsed(placeholder, description, (written, name): Word => {
    const found = Object.hasOwn(words, written) ? words[written] : undefined
    if (found !== undefined) return found
    throw usageError(
      `--${name} is ${JSON.stringify(written)}`,
      `Give one of ${Object.keys(words).join(', ')}.`,
    )
  })
}

function readLevel(written: string): NonNullable<ForecastOptions['level']> {
  const level = Number(written)
  if (level > 0 && level < 1) return level
  throw usageError(
    `--level is ${JSON.stringify(written)}`,
    'Give a probability between 0 and 1, such as 0.9.',
  )
}

function shown({ past, future, every }: Forecast, terminal: Terminal): string {
  const rows = future.map((one) => ({ ...one, digits: digitsOf(one) }))
  const columns: Column<(typeof rows)[number]>[] = [
    { title: every, value: ({ from }) => (every === 'hour' ? from.slice(0, 16) : from.slice(0, 10)) },
    { title: 'expected', value: ({ value, digits }) => value.toFixed(digits) },
    { title: 'low', value: ({ low, digits }) => low.toFixed(digits) },
    { title: 'high', value: ({ high, digits }) => high.toFixed(digits) },
  ]
  const drawn = plot([...past.map(({ value }) => ({ value })), ...future], 60)
  return `${drawn}\n\n${table(columns, rows, terminal)}`
}

/** No more than tell something of a number whose interval is so wide. */
function digitsOf({ low, high }: Forecast['future'][number]): number {
  return high - low < 10 ? 2 : 0
}

function trusted({ method, trial, level, season, past, tried }: Forecast): string {
  const share = trial.meanErrorShare === null ? '' : `, ${percent(trial.meanErrorShare)}`
  const naive = tried.find((one) => one.method === 'naive')
  const compared =
    naive === undefined || method === 'naive'
      ? ''
      : ` (expecting no change: ${naive.meanError.toPrecision(3)})`
  return [
    `${method}${season === null ? '' : `, seasons of ${season}`}, from ${counted(past.length, 'period')}.`,
    `Tried at ${counted(trial.origins, 'moment')} of the past it was off by ${trial.meanError.toPrecision(3)}${share}${compared};`,
    `its interval of ${percent(level)} held ${percent(trial.coverage)} of what came.`,
  ].join(' ')
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
