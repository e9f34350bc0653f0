import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { Empty, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryForm } from './query-form.tsx'
import '../send/send.css'

/** A question by hand: choose what to ask, fill in what it needs, and see the answer. */
export function QueriesRoom({ name }: { name: string | undefined }) {
  const { catalog } = useCatalog()
  if (!catalog) return <Loading />
  const query = catalog.queries.find((one) => one.name === name)
  const contexts = catalog.contexts.filter((context) =>
    catalog.queries.some((one) => one.context === context.name),
  )
  return (
    <Page name="Queries" about={query?.description ?? 'What can be asked by name; asking changes nothing'}>
      {catalog.queries.length === 0 ? (
        <Empty title="This app has no queries">
          A query answers a question by views, states and streams, under a name of its own.
        </Empty>
      ) : (
        <div className="send-room">
          <nav className="send-list scroll" aria-label="Queries">
            {contexts.map((context) => (
              <div key={context.name}>
                <h2>{context.name}</h2>
                {catalog.queries
                  .filter((one) => one.context === context.name)
                  .map((one) => (
                    <Link
                      key={one.name}
                      href={paths.query(one.name)}
                      className="send-choice"
                      aria-current={one.name === name ? 'page' : undefined}
                      title={one.description ?? undefined}
                    >
                      <Icon name="query" size={14} />
                      <span className="cut">{one.name}</span>
                    </Link>
                  ))}
              </div>
            ))}
          </nav>
          {query ? (
            <QueryForm key={query.name} query={query} />
          ) : (
            <Empty title={name ? `There is no query ${name}` : 'Choose a query'}>
              Its form is made from the schema of its input.
            </Empty>
          )}
        </div>
      )}
    </Page>
  )
}
