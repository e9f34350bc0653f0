import type { ReplayReport } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import type { BranchesSource } from '../source/source.ts'
import { table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface Options {
  readonly mode: string | undefined
  readonly all: boolean
  readonly json: boolean
}

/** Replays a branch, and tells what came of it. */
export async function replayBranch(
  branches: BranchesSource,
  name: string,
  { mode = 'decisions', all, json }: Options,
  terminal: Terminal,
): Promise<void> {
  if (mode !== 'facts' && mode !== 'decisions')
    throw usageError(`There is no mode ${mode}`, 'There are facts and decisions.')
  const progress = terminal.progress('Replaying')
  let report: ReplayReport
  try {
    report = await branches.replay(name, {
      mode,
      all,
      signal: terminal.signal,
      onProgress: ({ position, of, changed }) => progress.update(position, `${changed} changed`, of),
    })
  } finally {
    progress.stop()
  }
  return json ? terminal.print(JSON.stringify(report)) : tell(report, terminal)
}

type Decisions = NonNullable<ReplayReport['decisions']>
type Outcome = Decisions['outcomes'][number]

async function tell({ branch, position, views, notFollowed, decisions }: ReplayReport, terminal: Terminal) {
  const { print, style } = terminal
  if (decisions !== null) await tellDecisions(decisions, terminal)
  const shown = views.length === 0 ? 'there are no views' : `${views.join(', ')} show it`
  await print(`${style.strong(branch)} ends at position ${position}; ${shown}`)
  for (const { view, why } of notFollowed) await print(style.dim(`  not ${view}: ${why}`))
}

async function tellDecisions(decisions: Decisions, terminal: Terminal): Promise<void> {
  const { from, commands, events, outcomes, undecided, heldBack, counts } = decisions
  if (from === null) return terminal.print('Nothing is amended: every decision stands')
  const { omitted, replaced, inserted, restored } = events
  await terminal.print(
    `${commands.looked} commands looked at from position ${from} on, ${commands.decided} decided again, ${commands.changed} changed: ` +
      `${omitted} events omitted, ${replaced} replaced, ${inserted} inserted, ${restored} restored`,
  )
  if (outcomes.length > 0)
    await terminal.print(
      table<Outcome>(
        [
          { title: 'command', value: ({ type }) => type },
          { title: 'stream', value: ({ stream }) => stream ?? undefined },
          { title: 'before', value: ({ before }) => (before === null ? 'not sent' : told(before)) },
          { title: 'now', value: ({ after }) => told(after) },
          { title: 'because of', value: ({ because }) => because.stream ?? because.rule ?? because.event },
        ],
        outcomes,
        terminal,
      ),
    )
  if (counts.outcomes > outcomes.length) terminal.note(`… and ${counts.outcomes - outcomes.length} more`)
  for (const { type, id, code, message } of undecided)
    terminal.note(`Left as it was: ${type} ${id}: ${code}: ${message}`)
  for (const { subscription, type, event } of heldBack)
    terminal.note(`Held back: ${subscription} was not told of ${type} ${event}`)
}

function told({ status, reason }: Outcome['after']): string {
  if (reason === null) return status
  const { code, message, data } = reason
  const more = message ?? (data === undefined ? '' : JSON.stringify(data))
  return `${status}: ${code}${more === '' ? '' : `, ${more}`}`
}
