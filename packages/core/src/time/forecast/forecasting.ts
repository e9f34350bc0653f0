import type { HistorySource } from '../../amend/followed-history.ts'
import { isTimeZone } from '../../decide/rule-dates.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { tenantNamed } from '../../message/tenant.ts'
import { checkPath, type View } from '../../view/view.ts'
import type { Forecast, ForecastOptions } from './forecast.ts'
import type { Method } from './methods/method.ts'
import { methodNames, methods } from './methods/methods.ts'
import { Periods, usualSeasons } from './periods.ts'
import { seriesOf } from './series.ts'
import { expected, fit, leastOrigins, tryAll } from './trial.ts'

/** More periods of the past are not looked at. */
const mostPeriods = 2_000
const longestHorizon = 1_000

type Asked = ReturnType<typeof checked>

/**
 * Continues a number in a view's documents into the future, by a stated method whose uncertainty was measured on the past.
 *
 * @param now epoch milliseconds
 * @throws HeadwaterError `forecast.invalid`, `forecast.too-short`, `forecast.not-numeric`, `forecast.too-large`,
 *   `view.in-tables`, `event.newer-version`
 */
export async function forecast(
  view: View,
  source: HistorySource,
  now: number,
  options: ForecastOptions,
): Promise<Forecast> {
  if (view.sql !== undefined)
    throw new HeadwaterError('view.in-tables', `View ${view.name} is kept in tables, and has no documents`)
  const asked = checked(options, now)
  const { field, key, every, horizon, measure, level, season, timeZone } = asked
  const { periods, first, values } = await pastOf(view, source, asked)
  const candidates = candidatesOf(values.length, asked)
  const { origins, horizon: tried, tried: trials } = await tryAll(candidates, values, season, asked)
  const best = trials
    .filter(({ method }) => asked.method === undefined || method === asked.method)
    .reduce((one, other) => (other.meanError < one.meanError ? other : one))
  const method = candidates.find(({ name }) => name === best.method) ?? methodNamed('naive')
  const fitted = fit(method, values, season)
  const period = (index: number) => ({
    from: new Date(periods.startOf(index)),
    to: new Date(periods.startOf(index + 1)),
  })
  return {
    view: view.name,
    key: key ?? null,
    field,
    measure,
    every,
    timeZone,
    past: values.map((value, index) => ({ ...period(first + index), value })),
    future: expected(fitted, horizon, level).map((one, index) => ({
      ...period(first + values.length + index),
      ...one,
    })),
    level,
    method: method.name,
    parameters: fitted.parameters,
    season: method.isSeasonal ? season : null,
    trial: { ...best, origins, horizon: tried },
    tried: trials,
  }
}

function checked(options: ForecastOptions, now: number) {
  const { every, horizon, measure = 'value', level = 0.9, timeZone = 'UTC', method } = options
  const refuse = (message: string): never => {
    throw new HeadwaterError('forecast.invalid', message)
  }
  const field = checkPath(options.field)
  if (!Object.hasOwn(usualSeasons, every))
    refuse(`A period is an hour, day, week or month, not ${JSON.stringify(every)}`)
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > longestHorizon)
    refuse(`A forecast goes from 1 to ${longestHorizon} periods ahead, not ${horizon}`)
  if (measure !== 'value' && measure !== 'change')
    refuse(`A measure is value or change, not ${JSON.stringify(measure)}`)
  if (!(level > 0 && level < 1)) refuse(`A level is a probability between 0 and 1, not ${level}`)
  if (!isTimeZone(timeZone)) refuse(`There is no time zone ${timeZone}`)
  if (method !== undefined && !methodNames.includes(method))
    refuse(`A method is ${methodNames.join(', ')}, not ${JSON.stringify(method)}`)
  const season = options.season ?? usualSeasons[every]
  if (!Number.isInteger(season) || season < 2 || season > 400)
    refuse(`A season has from 2 to 400 periods, not ${season}`)
  for (const time of [options.from, options.to])
    if (time !== undefined && Number.isNaN(time.getTime())) refuse('The past begins and ends at times')
  return {
    field,
    every,
    horizon,
    measure,
    level,
    timeZone,
    method,
    season,
    key: options.key,
    tenant: tenantNamed(options.tenant),
    from: options.from?.getTime(),
    to: options.to?.getTime() ?? now,
  }
}

/** The values that are continued, and the number of the period of the first one. */
async function pastOf(view: View, source: HistorySource, asked: Asked) {
  const { tenant, key, field, from, to, measure } = asked
  const periods = new Periods(asked.every, asked.timeZone)
  const last = periods.indexOf(to) - 1
  const series = await seriesOf(source, { view, tenant, key, field, periods, last })
  const { first, values } = series ?? { first: last + 1, values: [] }
  const changes = values.map((value, index) => value - (values[index - 1] ?? 0))
  const measured = measure === 'change' ? changes : values
  const skipped = from === undefined ? 0 : Math.max(0, periods.indexOf(from) - first)
  const kept = measured.slice(skipped)
  if (kept.length > mostPeriods)
    throw new HeadwaterError(
      'forecast.invalid',
      `There are ${kept.length} periods of the past: more than ${mostPeriods} are not looked at`,
      { details: { periods: kept.length } },
    )
  return { periods, first: first + skipped, values: kept }
}

/** The methods for which there is enough past; `naive` is always among them, to compare with. */
function candidatesOf(count: number, { method, season }: Asked): readonly Method[] {
  const wanted = methods.filter(({ name }) => method === undefined || name === method || name === 'naive')
  const found = wanted.filter((one) => one.least(season) + leastOrigins <= count)
  if (found.some(({ name }) => method === undefined || name === method)) return found
  const needed = methodNamed(method ?? 'naive').least(season) + leastOrigins
  throw new HeadwaterError(
    'forecast.too-short',
    `There are ${count} periods of the past, and ${method ?? 'a forecast'} needs ${needed}`,
    { details: { periods: count, needed } },
  )
}

function methodNamed(name: string): Method {
  const method = methods.find((one) => one.name === name)
  if (method === undefined) throw new Error(`No method is named ${name}`)
  return method
}
