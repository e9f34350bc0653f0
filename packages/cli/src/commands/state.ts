import { inspect } from 'node:util'
import { command } from '../command/command.ts'
import { flag, integer, moment } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { HistoryLine } from '../source/source.ts'
import { changeLines } from '../terminal/change-lines.ts'
import { eventLine } from '../terminal/event-line.ts'
import { printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const state = command({
  name: 'state',
  summary: "Print an aggregate's state, now or as of a moment: the fold of its stream",
  examples: [
    ['headwater state order-1', "the order's state now"],
    ['headwater state order-1 --at 1200', 'what it was when the log ended at position 1200'],
    ['headwater state order-1 --at 2010-12-03T10:00', 'what had become of it by then, UTC'],
    ['headwater state order-1 --how', 'each event on the way, and what it changed'],
    ['headwater state order-1 --json | jq .state.status', 'for programs'],
  ],
  arguments: { stream: { description: 'A stream: <aggregate>-<id>' } },
  options: {
    at: moment('As of a position of the log, or of what had occurred by a time; default: now'),
    known: integer('<position>', 'As it was believed when the log ended there, before later amendments'),
    how: flag('Print how it got there: each event, and what it changed'),
    ...onBranchOptions,
    json: flag('Print {stream, revision, state} as JSON; with --how one {event, changed, state} per line'),
  },
  run: ({ args: { stream }, options, terminal }) =>
    withSource(options, 'definition', terminal, async (source) => {
      const past = { at: options.at, known: options.known }
      if (options.how) {
        for await (const step of source.history(stream, past))
          await terminal.print(options.json ? JSON.stringify(step) : stepLines(step, terminal))
        return
      }
      const found = await source.state(stream, past)
      if (options.json) {
        await terminal.print(JSON.stringify({ stream, ...found }))
        return
      }
      terminal.note(terminal.noteStyle.dim(`${stream} at revision ${found.revision}`))
      await terminal.print(shown(found.state, terminal))
    }),
})

function stepLines({ event, changed }: HistoryLine, terminal: Terminal): string {
  const lines = [eventLine(event, terminal), ...amendedLine(event, terminal)]
  return [...lines, ...changeLines(changed, terminal.style)].join('\n')
}

const saidOf = { omit: 'ignored', replace: 'corrected', insert: 'inserted later' }

/** What was said about it afterwards. */
function amendedLine({ amended }: HistoryLine['event'], { style }: Terminal): readonly string[] {
  if (amended === undefined) return []
  const who = amended.by === null ? '' : ` by ${printable(amended.by)}`
  return [style.bad(`    ${saidOf[amended.edit]}${who}: ${printable(amended.why)}`)]
}

function shown(value: unknown, { width }: Terminal): string {
  return inspect(value, { depth: 12, colors: width !== undefined, breakLength: width ?? 100 })
}
