import { HeadwaterProblem } from '@headwater/client'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../data/client.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm, Fault } from '../../ui/confirm.tsx'
import { useRefreshViews } from './refresh-views.ts'

/** Begins a rebuild; where the log holds events of other tenants, only after asking whether all are meant. */
export function RebuildButton({ view, isDue }: { view: string; isDue: boolean }) {
  const refresh = useRefreshViews()
  const rebuild = useMutation({
    mutationFn: (allTenants: boolean) => client.versions(view).rebuild({ allTenants }),
    onSuccess: refresh,
  })
  const { error } = rebuild
  const concernsAll = error instanceof HeadwaterProblem && error.code === 'view.other-tenants'
  return (
    <>
      <Button
        look={isDue ? 'main' : 'plain'}
        icon="processing"
        aria-label={`Rebuild ${view}`}
        title="Folds the whole log into a new version, beside the one that is read, and switches to it"
        disabled={rebuild.isPending}
        onClick={() => rebuild.mutate(false)}
      >
        Rebuild
      </Button>
      {concernsAll ? (
        <Confirm
          title={`Rebuild ${view} for all tenants?`}
          action="Rebuild for all"
          act={() => rebuild.mutateAsync(true)}
          onClose={rebuild.reset}
        >
          <p>The log holds events of other tenants, and a version of a view is that of all of them.</p>
          <p>What is read now goes on being read until the new version has caught up.</p>
        </Confirm>
      ) : (
        error && <Fault error={error} />
      )}
    </>
  )
}
