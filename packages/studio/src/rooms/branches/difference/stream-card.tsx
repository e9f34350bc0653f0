import type { StreamDifference } from '@headwater/client'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { count } from '../../../format/number.ts'
import { Card, type Sides } from './card.tsx'
import { SideBySide } from './side-by-side.tsx'

/** A stream with how many facts only one side has, and its state on both. */
export function StreamCard({ stream: difference, sides }: { stream: StreamDifference; sides: Sides }) {
  const { stream, only, states, changes } = difference
  const counts = (['branch', 'against'] as const)
    .filter((side) => only[side] > 0)
    .map((side) => `${count(only[side], 'fact')} only on ${sides[side]}`)
  return (
    <Card
      word={changes.length > 0 ? 'changed' : 'same state'}
      tone={changes.length > 0 ? 'warn' : 'calm'}
      label={stream}
      title={
        <a
          href={onBranch(sides.branch, paths.stream(stream))}
          className="reference"
          title={`On ${sides.branch}`}
        >
          {stream}
        </a>
      }
      extra={counts.join(', ')}
    >
      {changes.length > 0 ? (
        <SideBySide sides={sides} changes={changes} />
      ) : (
        <p className="soft difference-note">
          {states === undefined
            ? 'The app defines no aggregate for this stream.'
            : 'The facts differ, but the state comes out the same.'}
        </p>
      )}
    </Card>
  )
}
