import type { Branch, BranchDifference } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { branchesQuery, differenceQuery } from '../../../data/queries.ts'
import { whole } from '../../../format/number.ts'
import { Button } from '../../../ui/button.tsx'
import { Failure, Loading } from '../../../ui/notice.tsx'
import { BranchPage } from '../branch-page.tsx'
import { DifferenceList } from './difference-list.tsx'
import { type DifferencePart, differenceParts } from './parts.ts'
import './difference.css'

/** What differs between a branch and main, or another branch: documents, streams, events, and what commands came to. */
export function DifferenceRoom({ name }: { name: string }) {
  return (
    <BranchPage name={name} part="Differences">
      {(branch) => <Differences branch={branch} />}
    </BranchPage>
  )
}

function Differences({ branch: { name, from } }: { branch: Branch }) {
  const [address, setAddress] = useSearchParams()
  const against = address.get('against') ?? from
  const query = useQuery(differenceQuery(name, against))
  const { data } = query
  const named = differenceParts.find(({ part }) => part === address.get('part'))?.part
  const part = named ?? firstThatDiffers(data)
  const page = Number(address.get('page') ?? 0) || 0
  const go = (to: Record<string, string>) =>
    setAddress(
      { ...(against !== from && { against }), ...(named && { part: named }), ...to },
      { replace: true },
    )
  return (
    <>
      <div className="filter-bar difference-bar">
        <Against
          name={name}
          against={against}
          onChoose={(other) => setAddress({ against: other }, { replace: true })}
        />
        <div className="tabs" role="radiogroup" aria-label="What differs">
          {differenceParts.map(({ part: one, label, of }) => (
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={part === one}
              onClick={() => go({ part: one })}
            >
              {label}
              {data && <span className="tab-count number">{whole(of(data).length)}</span>}
            </button>
          ))}
        </div>
        <span className="faint number filter-note">
          {data &&
            (data.common === 0
              ? 'They have nothing in common'
              : `They parted behind position ${whole(data.common)}`)}
        </span>
        <Button onClick={() => void query.refetch()} disabled={query.isFetching}>
          {query.isFetching ? 'Comparing…' : 'Compare again'}
        </Button>
      </div>
      {query.isError && !data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : data ? (
        <>
          <Left difference={data} />
          <DifferenceList
            difference={data}
            part={part}
            page={page}
            onPage={(to) => go({ part, page: String(to) })}
          />
        </>
      ) : (
        <Loading rows={10} />
      )}
    </>
  )
}

function firstThatDiffers(difference: BranchDifference | undefined): DifferencePart {
  return differenceParts.find(({ of }) => difference && of(difference).length > 0)?.part ?? 'documents'
}

interface AgainstProps {
  readonly name: string
  readonly against: string
  readonly onChoose: (other: string) => void
}

function Against({ name, against, onChoose }: AgainstProps) {
  const { data: branches = [] } = useQuery(branchesQuery)
  const others = ['main', ...branches.map((branch) => branch.name).filter((other) => other !== name)]
  return (
    <label className="difference-against">
      <span className="soft">Compared with</span>
      <select value={against} onChange={({ target }) => onChoose(target.value)}>
        {(others.includes(against) ? others : [against, ...others]).map((other) => (
          <option key={other}>{other}</option>
        ))}
      </select>
    </label>
  )
}

/** What was not compared, and why. */
function Left({ difference: { isWhole, notCompared } }: { difference: BranchDifference }) {
  if (isWhole && notCompared.length === 0) return null
  return (
    <ul className="difference-left">
      {!isWhole && <li>There is more than was compared: these are the first of each side.</li>}
      {notCompared.map(({ view, why }) => (
        <li key={view}>
          <b className="mono">{view}</b> is not compared: {why}
        </li>
      ))}
    </ul>
  )
}
