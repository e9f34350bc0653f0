import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import { chosenBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { documentsQuery, forecastQuery } from '../../../data/queries.ts'
import { Empty, Failure, Loading } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { addressOf, askedIn, optionsOf } from './asked.ts'
import { ForecastForm } from './forecast-form.tsx'
import { ForecastResult } from './forecast-result.tsx'
import { numbersIn } from './numbers.ts'
import './forecast.css'

/** How a number in a view's documents is expected to go on, and how far that can be trusted. */
export function ForecastRoom({ name }: { name: string }) {
  const [address, setAddress] = useSearchParams()
  const asked = askedIn(address)
  const sample = useQuery(documentsQuery(name, { limit: 50 }))
  const fields = numbersIn((sample.data?.items ?? []).map(({ doc }) => doc))
  const query = useQuery({ ...forecastQuery(name, optionsOf(asked)), enabled: asked.field !== '' })
  const branch = chosenBranch()
  return (
    <Page
      name={`Forecast of ${name}`}
      title={
        <>
          Forecast of <span className="mono">{name}</span>
        </>
      }
      about={
        branch === undefined
          ? 'How a number goes on if it goes on like this'
          : `How a number goes on, if it goes on as on the branch ${branch}`
      }
      actions={
        <Link href={paths.view(name)} className="button">
          Its documents
        </Link>
      }
    >
      <ForecastForm
        key={fields.join()}
        fields={fields}
        asked={asked}
        isBusy={query.isFetching}
        onAsk={(next) => setAddress(addressOf(next), { replace: true })}
      />
      <div className="forecast scroll">
        {asked.field === '' ? (
          <Empty title="Nothing is asked yet">
            {sample.isSuccess && fields.length === 0
              ? 'None of the first documents of this view has one. Write the path of a field, if others have.'
              : 'Say which field is to go on, in what periods and how far. The past is what the view shows as of the end of each period.'}
          </Empty>
        ) : query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : query.data ? (
          <ForecastResult forecast={query.data} />
        ) : (
          <Loading rows={10} />
        )}
      </div>
    </Page>
  )
}
