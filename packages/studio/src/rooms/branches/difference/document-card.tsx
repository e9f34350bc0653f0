import type { DocumentDifference } from '@headwater/client'
import { onBranch } from '../../../data/branch.ts'
import { paths } from '../../../data/paths.ts'
import { Card, type Sides } from './card.tsx'
import { fieldsOf, SideBySide } from './side-by-side.tsx'

/** A document that is another one on the branch, or is there only on one side. */
export function DocumentCard({ document, sides }: { document: DocumentDifference; sides: Sides }) {
  const { view, key, branch, against, changes } = document
  const isAdded = against === undefined
  const isRemoved = branch === undefined
  const where = isRemoved ? sides.against : sides.branch
  return (
    <Card
      word={isAdded ? 'added' : isRemoved ? 'removed' : 'changed'}
      tone={isAdded ? 'good' : isRemoved ? 'bad' : 'warn'}
      label={`${view} ${key}`}
      title={
        <>
          <span className="difference-view">{view}</span>
          <a href={onBranch(where, paths.document(view, key))} className="reference" title={`On ${where}`}>
            {key}
          </a>
        </>
      }
    >
      <SideBySide
        sides={sides}
        changes={isAdded ? fieldsOf(branch, 'after') : isRemoved ? fieldsOf(against, 'before') : changes}
      />
    </Card>
  )
}
