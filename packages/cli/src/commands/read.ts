import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, list } from '../command/options.ts'
import { allTenantsOption } from '../app/tenant.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { asRecorded, shownAs } from '../source/recorded.ts'
import type { EventsQuery, PageOfEvents, Source } from '../source/source.ts'
import { eventLine } from '../terminal/event-line.ts'
import { count } from '../terminal/format.ts'

const pageSize = 1_000

export const read = command({
  name: 'read',
  summary: 'Print events of the log, or of one stream',
  examples: [
    ['headwater read', 'the first events of the log'],
    ['headwater read order-1', 'a stream'],
    ['headwater read --types OrderPlaced,OrderPaid --after 100 --limit 20', 'some of the log'],
    ['headwater read --all --json | jq .type | sort | uniq -c', 'all of it, for programs'],
    ['headwater read --url http://localhost:4000', 'the log of a running server'],
  ],
  arguments: { stream: { description: 'A stream; otherwise the log', optional: true } },
  options: {
    after: integer('<n>', 'Positions above this one; in a stream, revisions', { default: 0 }),
    limit: integer('<n>', 'At most so many events', { min: 1, default: 100 }),
    all: flag('Everything, however much it is'),
    types: list('<types>', 'Only events of these types, separated by commas'),
    asRecorded,
    ...onBranchOptions,
    allTenants: allTenantsOption,
    json: flag('One event per line, as JSON'),
  },
  run: async ({ args: { stream }, options, terminal }) => {
    if (stream !== undefined && options.allTenants)
      throw usageError('A stream is of one tenant', 'Name it with --tenant, or read the log.')
    return withSource(options, 'none', terminal, async (source) => {
      let wanted = options.all ? Number.POSITIVE_INFINITY : options.limit
      let { after } = options
      for (;;) {
        const page = await pageOf(source, stream, {
          after,
          types: options.types,
          as: shownAs(options),
          limit: Math.min(wanted, pageSize),
        })
        const lines = page.events.map((event) =>
          options.json ? JSON.stringify(event) : eventLine(event, terminal),
        )
        if (lines.length > 0) await terminal.print(lines.join('\n'))
        wanted -= lines.length
        after = page.scannedTo
        if (after >= page.head) return
        if (wanted <= 0) {
          terminal.note(
            `There is more: --after ${after}${stream === undefined ? ` (the log ends at ${count(page.head)})` : ''}, or --all`,
          )
          return
        }
        terminal.signal.throwIfAborted()
      }
    })
  },
})

async function pageOf(source: Source, stream: string | undefined, query: EventsQuery): Promise<PageOfEvents> {
  if (stream === undefined) return source.log(query)
  const { types } = query
  const page = await source.stream(stream, query)
  return types === undefined
    ? page
    : { ...page, events: page.events.filter(({ type }) => types.includes(type)) }
}
