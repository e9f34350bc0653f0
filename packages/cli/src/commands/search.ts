import { type EventEnvelope, passes, valueAt } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, instant, integer, list, repeated, text } from '../command/options.ts'
import { asLocalFilters, readFilter } from '../source/filters.ts'
import { allTenantsOption } from '../app/tenant.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { eventLine } from '../terminal/event-line.ts'
import { count, counted } from '../terminal/format.ts'

const pageSize = 1_000

export const search = command({
  name: 'search',
  summary: 'Find events by what they say, whom they concern, who caused them',
  examples: [
    ['headwater search 536365', 'events that hold this text anywhere'],
    ["headwater search --where customerId=17850 --where 'total>=10000'", 'by fields of their data'],
    ['headwater search --actor ada --since 2026-11-01T00:00:00Z', 'what somebody did, and when'],
    ['headwater search refund --types OrderCancelled --stream order- --json', 'some of it, for programs'],
  ],
  arguments: {
    text: {
      description: 'In the data, type, stream, ids or actor; upper and lower case are one',
      optional: true,
    },
  },
  options: {
    where: repeated(
      '<condition>',
      '<field><operator><value> on the data, with = != > >= < <=; all must hold',
    ),
    types: list('<types>', 'Only events of these types, separated by commas'),
    stream: text('<prefix>', 'Only streams whose names begin so'),
    actor: text('<actor>', 'Only what this actor caused'),
    since: instant('Only what occurred at this time or later'),
    until: instant('Only what occurred before this time'),
    after: integer('<n>', 'Positions above this one', { default: 0 }),
    limit: integer('<n>', 'At most so many events', { min: 1, default: 50 }),
    ...onBranchOptions,
    allTenants: allTenantsOption,
    json: flag('One event per line, as JSON'),
  },
  notes: ['The log is read from --after on, a page at a time; --types is answered by an index.'],
  run: ({ args, options, terminal }) => {
    const matches = matcherOf({ ...options, text: args.text })
    return withSource(options, 'none', terminal, async (source) => {
      const progress = terminal.progress('Searched')
      let { after } = options
      let found = 0
      try {
        for (;;) {
          const page = await source.log({ after, limit: pageSize, types: options.types })
          for (const event of page.events) {
            after = event.position
            if (!matches(event)) continue
            await terminal.print(options.json ? JSON.stringify(event) : eventLine(event, terminal))
            found += 1
            if (found < options.limit) continue
            progress.stop()
            return terminal.note(`There may be more: --after ${after}, or a larger --limit`)
          }
          after = page.scannedTo
          progress.update(after)
          if (after >= page.head) break
          terminal.signal.throwIfAborted()
        }
      } finally {
        progress.stop()
      }
      terminal.note(terminal.noteStyle.dim(`${counted(found, 'event')} of the log up to #${count(after)}`))
    })
  },
})

interface Wanted {
  readonly text: string | undefined
  readonly where: readonly string[]
  readonly types: readonly string[] | undefined
  readonly stream: string | undefined
  readonly actor: string | undefined
  readonly since: Date | undefined
  readonly until: Date | undefined
}

/** @throws CliError usage where nothing is asked for */
function matcherOf({ text, where, types, stream, actor, since, until }: Wanted) {
  if ([text, types, stream, actor, since, until, where[0]].every((given) => given === undefined)) {
    throw usageError('search needs something to look for', 'headwater read prints everything.')
  }
  const filters = where.flatMap((written) => asLocalFilters(readFilter(written, 'where')))
  const lowered = text?.toLowerCase()
  return (event: EventEnvelope): boolean =>
    (stream === undefined || event.stream.startsWith(stream)) &&
    (actor === undefined || event.actor === actor) &&
    (since === undefined || Date.parse(event.occurredAt) >= since.getTime()) &&
    (until === undefined || Date.parse(event.occurredAt) < until.getTime()) &&
    filters.every((filter) => passes(filter, valueAt(event.data, filter.path))) &&
    (lowered === undefined || JSON.stringify(event).toLowerCase().includes(lowered))
}
