import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { processorsQuery } from '../../data/queries.ts'
import { LagWord } from '../../ui/lag.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ActTable } from './act-table.tsx'
import { ParkedSection } from './parked-section.tsx'
import { PartitionTable } from './partition-table.tsx'
import { PauseButton } from './pause-button.tsx'
import { ResultTable } from './result-table.tsx'
import { StatusBadge, StatusNote } from './status.tsx'
import '../views/view-room.css'

/** One processor: how it is doing, what it left aside and what can be done about that, and what was done before. */
export function ProcessorRoom({ name }: { name: string }) {
  const { catalog } = useCatalog()
  const { data, error, isError, refetch } = useQuery(processorsQuery)
  const processor = data?.find((one) => one.name === name)
  const contexts = catalog?.contexts ?? []
  const made =
    contexts.flatMap((context) => context.subscriptions).find((one) => one.name === name) ??
    contexts.flatMap((context) => context.views).find((one) => one.name === name)
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  if (data && !processor) {
    return (
      <Empty title={made ? `${name} follows no log` : `There is no processor ${name}`}>
        {made && 'It acts in the append or right after it, and has nothing to be paused or parked.'}
      </Empty>
    )
  }
  return (
    <Page
      name={name}
      title={<span className="mono">{name}</span>}
      about={made?.description ?? (made ? `Follows ${made.events.join(', ')}` : '\u00a0')}
      actions={
        processor && (
          <>
            <StatusBadge processor={processor} />
            <LagWord lag={processor.lag} />
            {processor.kind === 'view' && (
              <Link href={paths.view(name)} className="button">
                Its documents
              </Link>
            )}
            <PauseButton processor={processor} />
          </>
        )
      }
    >
      {processor ? (
        <div className="document-parts scroll">
          <StatusNote processor={processor} />
          <ParkedSection processor={processor} />
          {processor.partitions.length > 1 && (
            <Section title="Partitions">
              <PartitionTable processor={processor} />
            </Section>
          )}
          <ResultTable processor={name} />
          <ActTable processor={name} />
        </div>
      ) : (
        <Loading />
      )}
    </Page>
  )
}
