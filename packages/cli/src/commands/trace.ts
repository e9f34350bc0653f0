import { command } from '../command/command.ts'
import { flag } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { TracedCommand, TraceLines } from '../source/source.ts'
import { counted, cut, printable } from '../terminal/format.ts'
import { type Branch, drawTree } from '../terminal/tree.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const trace = command({
  name: 'trace',
  summary: 'Show what belongs together: each command, its events, what they caused',
  examples: [
    ['headwater trace 0199c5b2-…', 'by a command id or a correlation id'],
    ['headwater trace 0199c5b2-….1', 'by the id of one of the events'],
    ['headwater trace 0199c5b2-… --data', 'with what the events say'],
    ['headwater trace 0199c5b2-… --json | jq .events[].type', 'for programs'],
  ],
  arguments: { id: { description: 'The id of an event, a command or a correlation' } },
  options: {
    data: flag('Print the data of events, too'),
    ...onBranchOptions,
    json: flag('Print JSON: what GET /trace/{id} answers'),
  },
  notes: ['headwater read --json and headwater search print ids.'],
  run: ({ args: { id }, options, terminal }) =>
    withSource(options, 'none', terminal, async (source) => {
      const found = await source.trace(id)
      if (options.json) return terminal.print(JSON.stringify(found))
      terminal.note(terminal.noteStyle.dim(summaryOf(found)))
      return terminal.print(drawTree(treeOf(found, options.data, terminal), terminal.style.dim).join('\n'))
    }),
})

function summaryOf({ correlationId, commands, events }: TraceLines): string {
  return `correlation ${correlationId}: ${counted(commands.length, 'command')}, ${counted(events.length, 'event')}`
}

interface Node {
  readonly id: string
  readonly cause: string | null
  readonly line: string
}

/** Commands cause events, and events cause commands: whatever has no cause in the trace is where it began. */
function treeOf({ commands, events }: TraceLines, withData: boolean, terminal: Terminal): Branch[] {
  const nodes: Node[] = [
    ...commands.map((sent) => ({ id: sent.id, cause: sent.causationId, line: commandLine(sent, terminal) })),
    ...events.map((event) => ({
      id: event.id,
      cause: event.causationId,
      line: eventLine(event, withData, terminal),
    })),
  ]
  const known = new Set(nodes.map(({ id }) => id))
  const below = Map.groupBy(nodes, ({ id, cause }) =>
    cause !== null && cause !== id && known.has(cause) ? cause : '',
  )
  const branch = ({ id, line }: Node): Branch => ({ line, children: (below.get(id) ?? []).map(branch) })
  return (below.get('') ?? []).map(branch)
}

function commandLine({ type, actor, status, reason, id }: TracedCommand, { style }: Terminal): string {
  const outcome = status === 'accepted' ? style.good(status) : style.bad(status)
  const why = status === 'accepted' ? '' : ` ${codeOf(reason)}`
  const who = actor === null ? '' : ` by ${printable(actor)}`
  return `${style.strong(printable(type))} ${outcome}${why}${style.dim(`${who}  ${id}`)}`
}

function eventLine(
  { position, type, stream, revision, data }: TraceLines['events'][number],
  withData: boolean,
  { style, width }: Terminal,
): string {
  const what = `#${position} ${style.name(printable(type))} ${style.dim(printable(`${stream}/${revision}`))}`
  if (!withData) return what
  return `${what} ${style.dim(cut(printable(JSON.stringify(data)), width ?? Number.POSITIVE_INFINITY))}`
}

function codeOf(reason: unknown): string {
  const code = typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : undefined
  return typeof code === 'string' ? printable(code) : ''
}
