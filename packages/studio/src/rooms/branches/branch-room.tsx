import type { Branch } from '@headwater/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { branchQuery, ownEventsQuery } from '../../data/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { CallerLink } from '../externals/caller-link.tsx'
import { BranchPage } from './branch-page.tsx'
import { OwnEventTable } from './own-event-table.tsx'

/** What is on a branch: what it has recorded itself, what it has said about the past, and what it didn't reach. */
export function BranchRoom({ name }: { name: string }) {
  return (
    <BranchPage name={name} part="What is on it">
      {(branch) => (
        <div className="branch-room scroll">
          <BlockedCalls name={name} />
          <OwnEvents branch={branch} />
        </div>
      )}
    </BranchPage>
  )
}

function OwnEvents({ branch: { name, base } }: { branch: Branch }) {
  const own = useInfiniteQuery(ownEventsQuery(name, base))
  if (own.isError && !own.data) return <Failure error={own.error} retry={() => void own.refetch()} />
  if (!own.isSuccess) return <Loading rows={8} />
  const events = own.data.pages.flatMap((page) => page.events)
  if (events.length === 0)
    return (
      <Empty title="Nothing is on it yet">
        Look at it, and all rooms show this branch: send commands, and ignore, correct or insert events. What
        you do there shows here.
      </Empty>
    )
  return (
    <>
      <OwnEventTable branch={name} events={events} />
      {own.hasNextPage && (
        <div className="branch-more">
          <Button disabled={own.isFetchingNextPage} onClick={() => void own.fetchNextPage()}>
            Read on
          </Button>
        </div>
      )}
    </>
  )
}

/** Calls to the outside are not made on a branch: which code asked for one, and why it got none. */
function BlockedCalls({ name }: { name: string }) {
  const { data } = useQuery(branchQuery(name))
  const blocked = data?.blocked ?? []
  if (blocked.length === 0) return null
  return (
    <Section title="Calls to the outside that were not made">
      <ul className="branch-blocked">
        {blocked.map(({ external, caller, why, at }) => (
          <li key={`${external} ${caller.id} ${at}`}>
            <b className="mono">{external}</b> for <CallerLink caller={caller} />: {why}{' '}
            <span className="faint">
              <Ago at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
