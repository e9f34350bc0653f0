import type { Branch, MergeOutcome, MergePlan, Resolution } from '@headwater/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { mergePlanQuery } from '../../../data/queries.ts'
import { count } from '../../../format/number.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Empty, Failure, Loading } from '../../../ui/notice.tsx'
import { BranchPage } from '../branch-page.tsx'
import { ConflictCard } from './conflict-card.tsx'
import { MergeConfirm } from './merge-confirm.tsx'
import { MergeResult } from './merge-result.tsx'
import { StepTable } from './step-table.tsx'
import './merge.css'

/** Takes a branch over into what it began on: what that would do, what is to be decided before, and what came of it. */
export function MergeRoom({ name }: { name: string }) {
  return (
    <BranchPage name={name} part="Merge">
      {(branch) => <Merging branch={branch} />}
    </BranchPage>
  )
}

type Resolutions = Readonly<Record<string, Resolution>>

function Merging({ branch: { name } }: { branch: Branch }) {
  const [resolve, setResolve] = useState<Resolutions>({})
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const [isConfirming, setConfirming] = useState(false)
  const [outcome, setOutcome] = useState<MergeOutcome>()
  const all = useQuery(mergePlanQuery(name, {}))
  const only = kept.size === 0 ? undefined : idsOf(all.data).filter((id) => !kept.has(id))
  const open = useQuery({ ...mergePlanQuery(name, { only }), placeholderData: keepPreviousData })
  const choices = { only, resolve: Object.keys(resolve).length === 0 ? undefined : resolve }
  const chosen = useQuery({ ...mergePlanQuery(name, choices), placeholderData: keepPreviousData })
  const failed = [all, open, chosen].find(({ isError }) => isError)
  const plan = chosen.data
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />
  if (!all.data || !open.data || !plan) return <Loading rows={8} />

  const keep = (id: string, isKept: boolean) =>
    setKept(new Set(isKept ? [...kept, id] : [...kept].filter((other) => other !== id)))
  const merged = (result: MergeOutcome) => {
    setOutcome(result)
    setResolve({})
    setKept(new Set())
  }
  const isReady = plan.conflicts.length === 0 && takes(plan) > 0 && !chosen.isPlaceholderData
  return (
    <>
      <div className="filter-bar merge-bar">
        <span>
          Into <b className="mono">{plan.into}</b>
        </span>
        <Badge tone="good">{count(plan.steps.length, 'step')} to record</Badge>
        {plan.conflicts.length > 0 && (
          <Badge tone="bad">{count(plan.conflicts.length, 'conflict')} to resolve</Badge>
        )}
        {plan.merged > 0 && <span className="faint">{count(plan.merged, 'step')} merged before</span>}
        <Button
          className="merge-apply"
          look="main"
          disabled={!isReady}
          onClick={() => setConfirming(true)}
          title={plan.conflicts.length > 0 ? 'Resolve every conflict first' : 'Record all of it, or nothing'}
        >
          Merge into {plan.into}
        </Button>
      </div>
      <div className="merge scroll">
        {outcome && <MergeResult branch={name} into={plan.into} outcome={outcome} />}
        {open.data.conflicts.map((conflict) => (
          <ConflictCard
            key={conflict.stream}
            conflict={conflict}
            branch={name}
            into={plan.into}
            chosen={resolve[conflict.stream]}
            onChoose={(choice) => setResolve({ ...resolve, [conflict.stream]: choice })}
          />
        ))}
        <StepTable title="Is recorded" branch={name} steps={plan.steps} onKeep={(id) => keep(id, true)} />
        <StepTable
          title="Is decided again"
          branch={name}
          steps={plan.decide}
          onKeep={(id) => keep(id, true)}
        />
        <StepTable title="Is left out for good" branch={name} steps={plan.left} />
        <StepTable
          title="Not this time"
          branch={name}
          steps={all.data.steps.filter(({ id }) => kept.has(id))}
          onTake={(id) => keep(id, false)}
        />
        {outcome === undefined && idsOf(all.data).length === 0 && (
          <Empty title={`${plan.into} has all of ${name}`}>
            What is recorded on the branch, or amended there, can be taken over here.
          </Empty>
        )}
      </div>
      {isConfirming && (
        <MergeConfirm
          name={name}
          plan={plan}
          choices={choices}
          onMerged={merged}
          onClose={() => setConfirming(false)}
        />
      )}
    </>
  )
}

/** Of all that could be merged. */
function idsOf(plan: MergePlan | undefined): readonly string[] {
  if (plan === undefined) return []
  return [
    ...new Set([...plan.steps.map(({ id }) => id), ...plan.conflicts.flatMap(({ steps }) => [...steps])]),
  ]
}

function takes({ steps, decide, left }: MergePlan): number {
  return steps.length + decide.length + left.length
}
