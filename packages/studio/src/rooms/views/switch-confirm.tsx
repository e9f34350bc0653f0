import { HeadwaterProblem } from '@headwater/client'
import { useState } from 'react'
import { client } from '../../data/client.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useRefreshViews } from './refresh-views.ts'

interface SwitchConfirmProps {
  readonly view: string
  readonly version: number
  /** It takes over although events could not be folded. */
  readonly withParked?: boolean
  readonly onClose: () => void
}

/** Asks before another version is read. */
export function SwitchConfirm({ view, version, withParked = false, onClose }: SwitchConfirmProps) {
  const refresh = useRefreshViews()
  const [concernsAll, setConcernsAll] = useState(false)
  const act = async () => {
    try {
      await client.versions(view).switchTo(version, { allTenants: concernsAll, withParked })
    } catch (error) {
      if (error instanceof HeadwaterProblem && error.code === 'view.other-tenants') setConcernsAll(true)
      throw error
    }
    await refresh()
  }
  return (
    <Confirm
      title={`Switch ${view} to version ${version}?`}
      action={concernsAll ? 'Switch for all tenants' : 'Switch'}
      isDangerous={withParked}
      act={act}
      onClose={onClose}
    >
      <p>
        It catches up with the log first. From then on everybody reads version {version}; the one that is read
        now is kept for a while, so that you can switch back.
      </p>
      {withParked && <p>Documents of events that could not be folded will be missing or old.</p>}
    </Confirm>
  )
}
