import type { ViewVersion } from '@headwater/client'
import { whole } from '../../format/number.ts'
import { fullTime } from '../../format/time.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Ago } from '../../ui/time.tsx'
import '../../ui/table.css'

const tones: Readonly<Record<ViewVersion['state'], Tone>> = {
  building: 'accent',
  current: 'good',
  retired: 'calm',
  failed: 'bad',
}

interface VersionTableProps {
  readonly versions: readonly ViewVersion[]
  readonly onSwitch: (version: ViewVersion) => void
  readonly onDrop: (version: ViewVersion) => void
}

/** The versions of a view, the newest first. */
export function VersionTable({ versions, onSwitch, onDrop }: VersionTableProps) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Version</th>
          <th>State</th>
          <th>Code</th>
          <th className="right">Position</th>
          <th>Made</th>
          <th>Kept until</th>
          <th>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {versions.toReversed().map((version) => (
          <tr key={version.version}>
            <td className="number">{version.version}</td>
            <td title={version.reason ?? undefined}>
              <Badge tone={tones[version.state]}>{version.state}</Badge>{' '}
              <span className="faint">{version.reason}</span>
            </td>
            <td className="soft" title={version.code ?? undefined}>
              {version.isOwnCode ? 'this server’s' : 'other'}
            </td>
            <td className="right number">{whole(version.position)}</td>
            <td title={`By ${version.madeBy}`}>
              <Ago at={version.madeAt} />
            </td>
            <td className="number soft">{version.keptUntil ? fullTime(version.keptUntil) : '–'}</td>
            <td className="actions">
              <div>
                {version.state === 'retired' && (
                  <>
                    <Button
                      aria-label={`Switch back to version ${version.version}`}
                      onClick={() => onSwitch(version)}
                    >
                      Switch back
                    </Button>
                    <Button
                      look="quiet"
                      aria-label={`Drop version ${version.version}`}
                      onClick={() => onDrop(version)}
                    >
                      Drop
                    </Button>
                  </>
                )}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
