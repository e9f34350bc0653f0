import { inspect } from 'node:util'
import { command } from '../command/command.ts'
import { flag } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'

export const state = command({
  name: 'state',
  summary: "Print an aggregate's state: the fold of its stream",
  examples: [
    ['headwater state order-1', "the order's state now"],
    ['headwater state order-1 --json | jq .state.status', 'for programs'],
  ],
  arguments: { stream: { description: 'A stream: <aggregate>-<id>' } },
  options: { ...sourceOptions, json: flag('Print {stream, revision, state} as JSON') },
  run: ({ args: { stream }, options, terminal }) =>
    withSource(options, 'definition', terminal, async (source) => {
      const found = await source.state(stream)
      if (options.json) {
        await terminal.print(JSON.stringify({ stream, ...found }))
        return
      }
      terminal.note(terminal.noteStyle.dim(`${stream} at revision ${found.revision}`))
      await terminal.print(
        inspect(found.state, {
          depth: 12,
          colors: terminal.width !== undefined,
          breakLength: terminal.width ?? 100,
        }),
      )
    }),
})
