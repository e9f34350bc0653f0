import type { Branch } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { chosenBranch } from '../../data/branch.ts'
import { paths } from '../../data/paths.ts'
import { branchesQuery } from '../../data/queries.ts'
import { actorName } from '../../format/actor.ts'
import { count, whole } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Ago } from '../../ui/time.tsx'
import { BeginBranch } from './begin-branch.tsx'
import { DropBranch } from './drop-branch.tsx'
import { LookAt } from './look-at.tsx'
import '../../ui/table.css'
import './branches.css'

/** What would be, beside what is: every branch with where it begins, and how much it has of its own. */
export function BranchesRoom() {
  const { data, error, isError, refetch } = useQuery(branchesQuery)
  const [isBeginning, setBeginning] = useState(false)
  const [dropping, setDropping] = useState<Branch>()
  const begin = () => setBeginning(true)
  useKeys({ b: begin })
  if (isError && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Page
      name="Branches"
      about="What would be, beside what is: nothing on main changes before a branch is merged"
      actions={
        <Button icon="branch" look="main" onClick={begin} title="Begin a branch (b)">
          Begin a branch
        </Button>
      }
    >
      {!data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title="There is no branch yet">
          Begin one at any position or time of the log. Then send commands to it, leave events out or correct
          them, see what differs, and merge it or drop it without a trace.
        </Empty>
      ) : (
        <BranchTable branches={data} onDrop={setDropping} />
      )}
      {isBeginning && <BeginBranch branches={data ?? []} onClose={() => setBeginning(false)} />}
      {dropping && <DropBranch branch={dropping} onClose={() => setDropping(undefined)} />}
    </Page>
  )
}

interface BranchTableProps {
  readonly branches: readonly Branch[]
  readonly onDrop: (branch: Branch) => void
}

function BranchTable({ branches, onDrop }: BranchTableProps) {
  return (
    <div className="table-scroll scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Branch</th>
            <th>Begins</th>
            <th>Of its own</th>
            <th>Its clock</th>
            <th>Begun</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {branches.map((branch) => (
            <tr key={branch.name}>
              <td>
                <Link href={paths.branch(branch.name)} className="reference branch-name">
                  {branch.name}
                </Link>
                {chosenBranch() === branch.name && <Badge tone="warn">looked at</Badge>}
              </td>
              <td>
                <Beginning branch={branch} />
              </td>
              <td className="number">
                {branch.head === branch.base ? (
                  <span className="faint">nothing yet</span>
                ) : (
                  count(branch.head - branch.base, 'event')
                )}
              </td>
              <td className="number">{fullTime(branch.now)}</td>
              <td>
                <Ago at={branch.createdAt} />
                {branch.actor !== null && <span className="faint"> by {actorName(branch.actor)}</span>}
              </td>
              <td className="actions">
                <div>
                  <LookAt branch={branch.name} />
                  <Button look="quiet" onClick={() => onDrop(branch)} aria-label={`Drop ${branch.name}`}>
                    Drop
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `main, behind 120, recorded 2 Dec 2010`. */
export function Beginning({ branch: { from, base, basedAt } }: { branch: Branch }) {
  return (
    <span className="number">
      {from === 'main' ? (
        'main'
      ) : (
        <Link href={paths.branch(from)} className="reference">
          {from}
        </Link>
      )}
      {base === 0 ? ', before the first event' : `, behind position ${whole(base)}`}
      {basedAt !== null && <span className="faint"> of {fullTime(basedAt)}</span>}
    </span>
  )
}
