import type { ViewSummary } from '@headwater/client'
import { Badge } from '../../ui/badge.tsx'

/** How the server's code stands to the documents that are read. */
export function CodeBadge({ view }: { view: ViewSummary }) {
  switch (view.code) {
    case 'changed':
      return (
        <span title="The code of this view would make other documents than those that are read: rebuild it">
          <Badge tone="warn">code changed</Badge>
        </span>
      )
    case 'superseded':
      return (
        <span title="Other code has rebuilt this view: this server is older, or newer code was taken back">
          <Badge tone="warn">other code’s</Badge>
        </span>
      )
    case 'same':
      return <Badge tone="good">current</Badge>
    default:
      return <span className="faint">{view.lifecycle === 'live' ? 'not stored' : 'not built yet'}</span>
  }
}
