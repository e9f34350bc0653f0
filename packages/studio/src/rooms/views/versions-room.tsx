import type { ViewVersion } from '@headwater/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { client } from '../../data/client.ts'
import { paths } from '../../data/paths.ts'
import { rebuildQuery, versionsQuery, viewsQuery } from '../../data/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { RebuildButton } from './rebuild-button.tsx'
import { RebuildErrors } from './rebuild-errors.tsx'
import { RebuildStatus } from './rebuild-status.tsx'
import { useRefreshViews } from './refresh-views.ts'
import { SwitchConfirm } from './switch-confirm.tsx'
import { VersionTable } from './version-table.tsx'
import './view-room.css'

/** The versions of one view's documents: which is read, which is built, and which can be gone back to. */
export function VersionsRoom({ name }: { name: string }) {
  const refresh = useRefreshViews()
  const summary = useQuery(viewsQuery).data?.find((view) => view.name === name)
  const versions = useQuery(versionsQuery(name))
  const rebuild = useQuery(rebuildQuery(name)).data
  const [asking, setAsking] = useState<{ readonly what: 'switch' | 'drop'; readonly version: ViewVersion }>()
  const [accepting, setAccepting] = useState(false)
  const isBuilding = rebuild && rebuild.state !== 'switched' && rebuild.state !== 'failed'
  const close = () => setAsking(undefined)
  const version = asking?.version.version ?? 0

  return (
    <Page
      name={`Versions of ${name}`}
      about={
        <>
          Of the view{' '}
          <Link href={paths.view(name)} className="reference">
            {name}
          </Link>
          : a rebuild makes the next one, beside the one that is read
        </>
      }
      actions={
        <>
          {summary?.code === 'changed' && (
            <Button onClick={() => setAccepting(true)} title="Only where the change makes no difference">
              Accept as they are
            </Button>
          )}
          {!isBuilding && <RebuildButton view={name} isDue={summary?.code === 'changed'} />}
        </>
      }
    >
      <div className="document-parts scroll">
        {rebuild && isBuilding && (
          <Section title="Rebuild">
            <div className="section-body">
              <RebuildStatus rebuild={rebuild} />
            </div>
            <RebuildErrors rebuild={rebuild} />
          </Section>
        )}
        {versions.isError && !versions.data ? (
          <Failure error={versions.error} retry={() => void versions.refetch()} />
        ) : (
          <Section title="Versions">
            {versions.data ? (
              <VersionTable
                versions={versions.data}
                onSwitch={(version) => setAsking({ what: 'switch', version })}
                onDrop={(version) => setAsking({ what: 'drop', version })}
              />
            ) : (
              <Loading rows={4} />
            )}
          </Section>
        )}
      </div>
      {asking?.what === 'switch' && <SwitchConfirm view={name} version={version} onClose={close} />}
      {asking?.what === 'drop' && (
        <Confirm
          title={`Drop version ${version} of ${name}?`}
          action="Drop it"
          isDangerous
          act={() => client.versions(name).drop(version).then(refresh)}
          onClose={close}
        >
          <p>Its documents are deleted. To have them again, the view has to be rebuilt.</p>
        </Confirm>
      )}
      {accepting && (
        <Confirm
          title={`Accept the documents of ${name} as they are?`}
          action="Accept them"
          act={() => client.versions(name).accept().then(refresh)}
          onClose={() => setAccepting(false)}
        >
          <p>
            You say that the changed code would have made the same documents. They are not folded again, and
            the view counts as current.
          </p>
        </Confirm>
      )}
    </Page>
  )
}
