import type { Forecast } from '@headwater/client'
import { count } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Section } from '../../../ui/page.tsx'
import { methods } from './asked.ts'
import { ForecastChart } from './forecast-chart.tsx'
import { ForecastTable, TrialTable } from './forecast-tables.tsx'
import { percent, shortValue } from './forecast-words.ts'

/** The chart, how far to trust it, and the figures. */
export function ForecastResult({ forecast }: { forecast: Forecast }) {
  const { field, key, measure, every } = forecast
  return (
    <>
      <Section
        title={
          <>
            <span className="mono">{field}</span> {key === null ? 'of all documents' : `of ${key}`},{' '}
            {measure === 'change' ? `change in each ${every}` : `at the end of each ${every}`}
          </>
        }
        extra={<Legend forecast={forecast} />}
      >
        <ForecastChart forecast={forecast} />
      </Section>
      <Section title="How far to trust it" extra={<Trust forecast={forecast} />}>
        <Told forecast={forecast} />
      </Section>
      <div className="forecast-figures">
        <ForecastTable forecast={forecast} />
        <TrialTable forecast={forecast} />
      </div>
    </>
  )
}

function Legend({ forecast: { level } }: { forecast: Forecast }) {
  return (
    <span className="forecast-legend faint">
      <span className="was">was</span>
      <span className="expected">expected</span>
      <span className="interval">{percent(level)} interval</span>
    </span>
  )
}

/** By more than this the interval held less of what came than it should have. */
const tolerance = 0.1

function Trust({ forecast: { level, trial } }: { forecast: Forecast }) {
  const isNarrow = trial.coverage < level - tolerance
  return (
    <Badge tone={isNarrow ? 'warn' : 'good'}>
      {isNarrow ? 'its interval is too narrow' : 'its interval held what it should'}
    </Badge>
  )
}

function Told({
  forecast: { method, season, past, trial, level, tried, parameters },
}: {
  forecast: Forecast
}) {
  const naive = tried.find((one) => one.method === 'naive')
  const learnt = Object.entries(parameters)
  return (
    <div className="section-body forecast-told">
      <p>
        <b>{method}</b> expects {methods[method]}
        {season !== null && `, with seasons of ${count(season, 'period')}`}; it learnt from{' '}
        {count(past.length, 'period')}
        {learnt.length > 0 && `: ${learnt.map(([name, value]) => `${name} ${shortValue(value)}`).join(', ')}`}
        .
      </p>
      <p>
        Asked at {count(trial.origins, 'moment')} of the past for the {count(trial.horizon, 'period')} after
        it, knowing nothing of them, its interval of {percent(level)} held <b>{percent(trial.coverage)}</b> of
        what came. It was off by {shortValue(trial.meanError)} on average
        {trial.meanErrorShare !== null && `, ${percent(trial.meanErrorShare)}`}
        {naive !== undefined &&
          method !== 'naive' &&
          `; expecting no change, by ${shortValue(naive.meanError)}`}
        .
      </p>
      <p className="soft">It knows the log, and not the news: it holds as long as things go on like this.</p>
    </div>
  )
}
