import { command } from '../command/command.ts'
import { flag, integer, list } from '../command/options.ts'
import { asRecorded, shownAs } from '../source/recorded.ts'
import { allTenantsOption } from '../app/tenant.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { eventLine } from '../terminal/event-line.ts'

export const tail = command({
  name: 'tail',
  summary: 'Follow the events as they are recorded',
  examples: [
    ['headwater tail', 'what is recorded from now on, by whichever process'],
    ['headwater tail --last 20 --types OrderPlaced', 'and the last ones before'],
    ['headwater tail --url http://localhost:4000 --json', 'of a running server, for programs'],
  ],
  options: {
    after: integer('<n>', 'Begin after this position; 0 is the beginning'),
    last: integer('<n>', 'Begin with the last so many positions', { default: 0 }),
    types: list('<types>', 'Only events of these types, separated by commas'),
    asRecorded,
    limit: integer('<n>', 'End after so many events', { min: 1 }),
    ...onBranchOptions,
    allTenants: allTenantsOption,
    json: flag('One event per line, as JSON'),
  },
  notes: ['Ctrl-C ends it.'],
  run: ({ options, terminal }) =>
    withSource(options, 'none', terminal, async (source) => {
      const { head } = await source.log({ after: 0, limit: 1, types: undefined })
      const after = options.after ?? Math.max(0, head - options.last)
      terminal.note(`Following ${source.name} after position ${after}. Ctrl-C ends it.`)
      const query = { after, types: options.types, as: shownAs(options) }
      let left = options.limit ?? Number.POSITIVE_INFINITY
      try {
        for await (const event of source.follow(query, terminal.signal)) {
          await terminal.print(options.json ? JSON.stringify(event) : eventLine(event, terminal))
          if (--left <= 0) return
        }
      } catch (error) {
        // The end that was asked for.
        if (!terminal.signal.aborted) throw error
      }
    }),
})
