import { useQuery } from '@tanstack/react-query'
import { processorsQuery } from '../../data/queries.ts'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ProcessorTable } from './processor-table.tsx'

/** Every view and subscription that follows the log: how far it is, what keeps it, and what it left aside. */
export function ProcessingRoom() {
  const { data, error, isError, refetch } = useQuery(processorsQuery)
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page
      name="Processing"
      about="What follows the log: how far each is, what keeps it, and what it left aside"
    >
      {!data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title="Nothing follows the log">
          Asynchronous views and subscriptions do; this app has none.
        </Empty>
      ) : (
        <div className="table-scroll scroll">
          <ProcessorTable processors={data} />
        </div>
      )}
    </Page>
  )
}
