import { Link, useLocation } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { Empty, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { CommandForm } from './command-form.tsx'
import './send.css'

/** A command by hand: choose what to ask for, fill in what it needs, and see what is decided. */
export function SendRoom({ type }: { type: string | undefined }) {
  const { catalog, hueOf } = useCatalog()
  const [, navigate] = useLocation()
  if (!catalog) return <Loading />
  const command = catalog.commands.find(({ name }) => name === type)
  return (
    <Page name="Send a command" about={command?.description ?? 'It is decided and recorded like all others'}>
      <div className="send-room">
        <nav className="send-list scroll" aria-label="Commands">
          {catalog.contexts.map((context) => (
            <div key={context.name}>
              <h2>{context.name}</h2>
              {catalog.commands
                .filter((one) => one.context === context.name)
                .map(({ name, aggregate }) => (
                  <Link
                    key={name}
                    href={paths.send(name)}
                    className="send-choice tinted"
                    aria-current={name === type ? 'page' : undefined}
                    style={{ '--hue': hueOf(aggregate) }}
                  >
                    <span className="stream-dot" />
                    <span className="cut">{name}</span>
                  </Link>
                ))}
            </div>
          ))}
        </nav>
        {command ? (
          <CommandForm key={command.name} command={command} onLeave={() => navigate(paths.commands)} />
        ) : (
          <Empty title="Choose a command">Its form is made from its schema.</Empty>
        )}
      </div>
    </Page>
  )
}
