import type { ReversalScope } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { ReversalLines } from '../source/source.ts'
import { counted, printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const revert = command({
  name: 'revert',
  summary: 'Go back to an event by further ones, where history must stand',
  examples: [
    ['headwater revert order-1 --to 3 --dry-run', 'what it would take to go back to revision 3'],
    [`headwater revert order-1 --to 3 --why 'placed by mistake'`, 'take back all that came after it'],
    [`headwater revert --caused-by 0198… --why 'a wrong file'`, 'all that a command or an event led to'],
    [`headwater revert --to 1200 --why 'a bad night'`, 'all of the log behind position 1200'],
  ],
  arguments: { stream: { description: 'A stream; otherwise the log', optional: true } },
  options: {
    to: integer('<n>', 'The last that stays: a revision of the stream, or a position of the log', { min: 0 }),
    causedBy: text('<id>', 'All that this command or event led to'),
    why: text('<reason>', 'Recorded with who does it; required unless --dry-run'),
    dryRun: flag('Only say what it would take'),
    actor: text('<name>', 'Who does it'),
    ...onBranchOptions,
    json: flag('Print {head, events, lacking, recorded} as JSON'),
  },
  run: ({ args: { stream }, options, terminal }) => {
    const { why = '', dryRun, actor } = options
    const scope = scopeOf(stream, options.to, options.causedBy)
    if (why === '' && !dryRun)
      throw usageError('revert needs --why', 'Say why, or look first with --dry-run.')
    return withSource(options, 'writes', terminal, async (source) => {
      const done = await source.revert(scope, { why, dryRun, actor })
      if (options.json) await terminal.print(JSON.stringify(done))
      else await tell(done, dryRun, terminal)
    })
  },
})

function scopeOf(
  stream: string | undefined,
  to: number | undefined,
  causedBy: string | undefined,
): ReversalScope {
  if (causedBy !== undefined && to === undefined && stream === undefined) return { causedBy }
  if (causedBy !== undefined || to === undefined)
    throw usageError('revert needs --to or --caused-by', 'Say what stays, or what it was caused by.')
  return stream === undefined ? { position: to } : { stream, to }
}

async function tell(
  { events, lacking, recorded }: ReversalLines,
  isDryRun: boolean,
  { print, note, style, noteStyle }: Terminal,
): Promise<void> {
  const lines = isDryRun ? events : recorded
  for (const { type, stream, revision, position } of lines)
    await print(
      `${style.dim(`#${position}`)} ${style.name(printable(type))} ${printable(`${stream}/${revision}`)}`,
    )
  for (const { type, stream, events: times } of lacking)
    note(
      noteStyle.bad(
        `${printable(type)} of ${printable(stream)} (${times}) does not say how it is taken back`,
      ),
    )
  const what = counted(events.length, 'event')
  note(
    isDryRun ? `${what} would be taken back` : `${what} taken back by ${counted(recorded.length, 'event')}`,
  )
}
