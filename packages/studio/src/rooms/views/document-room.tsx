import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { documentQuery } from '../../data/queries.ts'
import { useLiveRefresh } from '../../data/use-live.ts'
import { whole } from '../../format/number.ts'
import { Copy } from '../../ui/copy.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { Failure, Loading } from '../../ui/notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import './view-room.css'

/** One document of a view, as it is now. */
export function DocumentRoom({ view, documentKey }: { view: string; documentKey: string }) {
  const { catalog } = useCatalog()
  const made = catalog?.contexts.flatMap((context) => context.views).find(({ name }) => name === view)
  const { data, error, isError, refetch } = useQuery(documentQuery(view, documentKey))
  useLiveRefresh(
    ({ type }) => made?.events.includes(type) ?? true,
    () => void refetch(),
  )
  return (
    <Page
      name={`${documentKey} in ${view}`}
      title={
        <span className="mono">
          {documentKey} <Copy text={documentKey} what="the key" />
        </span>
      }
      about={
        <>
          A document of{' '}
          <Link href={paths.view(view)} className="reference">
            {view}
          </Link>
        </>
      }
    >
      <div className="document-parts scroll">
        {isError ? (
          <Failure error={error} retry={() => void refetch()} />
        ) : (
          <Section
            title="Document"
            extra={data && <span className="faint number">as of position {whole(data.position)}</span>}
          >
            <div className="section-body">{data ? <JsonTree value={data.doc} /> : <Loading />}</div>
          </Section>
        )}
      </div>
    </Page>
  )
}
