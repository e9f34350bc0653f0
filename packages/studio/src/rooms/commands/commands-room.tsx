import { useState } from 'react'
import { Link } from 'wouter'
import { useCatalog } from '../../data/catalog-context.tsx'
import { paths } from '../../data/paths.ts'
import { count } from '../../format/number.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Empty, Failure, Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { CommandTable } from './command-table.tsx'
import { useCommandLog } from './use-command-log.ts'
import '../../ui/table.css'
import './commands.css'

const outcomes = ['all', 'accepted', 'rejected'] as const

/** What was asked for, and what was decided: refused as well as accepted. */
export function CommandsRoom() {
  const { catalog } = useCatalog()
  const log = useCommandLog()
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('all')
  const [text, setText] = useState('')
  const wanted = text.toLowerCase()
  const shown = log.commands.filter(
    (command) =>
      (outcome === 'all' || command.status === outcome) &&
      (wanted === '' || JSON.stringify(command).toLowerCase().includes(wanted)),
  )
  const first = catalog?.commands[0]?.name
  return (
    <Page
      name="Commands"
      about="What was asked for and what was decided, the newest first"
      actions={
        first && (
          <Link href={paths.send(first)} asChild>
            <Button icon="send" look="main">
              Send a command
            </Button>
          </Link>
        )
      }
    >
      <div className="filter-bar">
        <Field
          className="filter-text"
          icon="search"
          aria-label="Text in the commands"
          placeholder="Text in payload, ids, reason…"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="tabs" role="radiogroup" aria-label="Outcome">
          {outcomes.map((name) => (
            <button
              key={name}
              type="button"
              role="radio"
              aria-checked={outcome === name}
              onClick={() => setOutcome(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <span className="faint number filter-note">
          {log.isReady &&
            `${count(shown.length, 'command')} of ${count(log.commands.length, 'command')} read so far`}
        </span>
      </div>
      {log.error ? (
        <Failure error={log.error} />
      ) : !log.isReady ? (
        <Loading rows={12} />
      ) : (
        <div className="table-scroll scroll">
          {shown.length > 0 ? (
            <CommandTable commands={shown} />
          ) : (
            <Empty title={log.commands.length === 0 ? 'No command has been sent yet' : 'None of these'} />
          )}
          {log.hasOlder && (
            <div className="commands-older">
              <Button disabled={log.isLoadingOlder} onClick={log.loadOlder}>
                {log.isLoadingOlder ? 'Reading…' : 'Read older commands'}
              </Button>
            </div>
          )}
        </div>
      )}
    </Page>
  )
}
