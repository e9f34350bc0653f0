import { HeadwaterProblem } from '@headwater/client'
import { count } from '../../format/number.ts'
import { Badge } from '../../ui/badge.tsx'

/** Why it was not done. Faults that have a field are told there; here are the rest. */
export function Refused({ error, otherwise }: { error: Error; otherwise: string }) {
  const problem = error instanceof HeadwaterProblem ? error : undefined
  const faults = problem?.errors ?? []
  const elsewhere = faults.filter(({ pointer }) => pointer === undefined || pointer === '')
  const word = problem?.rejected ? 'rejected' : faults.length > 0 ? 'invalid' : otherwise
  return (
    <div className="sent-answer refused">
      <Badge tone="bad">{word}</Badge>
      {faults.length > elsewhere.length ? (
        <p>{count(faults.length - elsewhere.length, 'fault')}, each told at its field.</p>
      ) : (
        <p>{error.message}</p>
      )}
      {elsewhere.map(({ detail }) => (
        <p key={detail}>{detail}</p>
      ))}
      {problem && <code>{problem.code}</code>}
    </div>
  )
}
