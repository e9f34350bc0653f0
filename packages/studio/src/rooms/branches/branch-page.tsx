import type { Branch } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { paths } from '../../data/paths.ts'
import { branchQuery } from '../../data/queries.ts'
import { count } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Button } from '../../ui/button.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Beginning } from './branches-room.tsx'
import { DropBranch } from './drop-branch.tsx'
import { LookAt } from './look-at.tsx'
import './branches.css'

const parts: readonly (readonly [string, (name: string) => string])[] = [
  ['What is on it', paths.branch],
  ['Replay', paths.branchReplay],
  ['Differences', paths.branchDifference],
  ['Merge', paths.branchMerge],
]

interface BranchPageProps {
  readonly name: string
  /** Which of a branch's pages this is. */
  readonly part: string
  readonly children: (branch: Branch) => ReactNode
}

/** What all pages about a branch have: where it begins, the way to the other pages, and what can be done with it. */
export function BranchPage({ name, part, children }: BranchPageProps) {
  const { data, error, isError, refetch } = useQuery(branchQuery(name))
  const [isDropping, setDropping] = useState(false)
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page
      name={name}
      title={<span className="mono">{name}</span>}
      about={
        data ? (
          <>
            On <Beginning branch={data} />, with {count(data.head - data.base, 'event')} of its own; there it
            is {fullTime(data.now)}
          </>
        ) : (
          '\u00a0'
        )
      }
      actions={
        data && (
          <>
            <LookAt branch={name} />
            <Button onClick={() => setDropping(true)}>Drop</Button>
          </>
        )
      }
    >
      <nav className="branch-parts" aria-label={`About ${name}`}>
        {parts.map(([label, path]) => (
          <Link key={label} href={path(name)} aria-current={label === part ? 'page' : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      {data ? children(data) : <Loading rows={8} />}
      {data && isDropping && <DropBranch branch={data} onClose={() => setDropping(false)} />}
    </Page>
  )
}
