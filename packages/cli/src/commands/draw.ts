import { writeFile } from 'node:fs/promises'
import { type Aggregate, type Catalog, catalogOf, HeadwaterError, isMachine, toXState } from '@headwater/core'
import { flowToMermaid, flowToSvg, toMermaid, toSvg } from '@headwater/draw'
import { readConfig } from '../app/config.ts'
import { loadApp } from '../app/load.ts'
import { targetOptions } from '../app/target.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { parsed, text } from '../command/options.ts'

const formats = ['mermaid', 'svg', 'xstate'] as const
type Format = (typeof formats)[number]

export const draw = command({
  name: 'draw',
  summary: 'Draw a state machine, or the flow of events of the app',
  examples: [
    ['headwater draw pizzaOrder', 'a state machine, as a Mermaid state diagram'],
    ['headwater draw pizzaOrder --format svg --out pizza.svg', 'as a picture for light and dark'],
    ['headwater draw pizzaOrder --format svg --state kitchen.baking > now.svg', 'with a state highlighted'],
    ['headwater draw pizzaOrder --format xstate | pbcopy', 'for the editor of XState'],
    ['headwater draw', 'all commands, aggregates and events, and what reacts to them'],
    ['headwater draw order --app examples/shop', 'those of one aggregate'],
  ],
  arguments: {
    name: { description: 'An aggregate; otherwise the whole app', optional: true },
  },
  options: {
    format: parsed('<format>', `${formats.join(', ')}; default: mermaid`, formatOf),
    state: text('<path>', 'Of a state machine: the state to highlight'),
    out: text('<file>', 'Where to write; default: stdout'),
    app: targetOptions.app,
  },
  run: async ({ args: { name }, options: { format = 'mermaid', state, out, app: path }, terminal }) => {
    const { app } = await loadApp(path ?? (await readConfig()).app ?? '.')
    const aggregates = app.contexts.flatMap((context) => context.aggregates)
    const drawing = drawn(catalogOf(app), aggregates, name, format, state)
    if (out === undefined) await terminal.print(drawing.trimEnd())
    else await writeFile(out, drawing)
  },
})

function formatOf(written: string): Format {
  const known = formats.find((format) => format === written)
  if (known !== undefined) return known
  throw usageError(`--format is ${JSON.stringify(written)}`, `Give one of ${formats.join(', ')}.`)
}

/** @throws HeadwaterError `aggregate.unknown`; CliError usage */
function drawn(
  catalog: Catalog,
  aggregates: readonly Aggregate[],
  name: string | undefined,
  format: Format,
  state: string | undefined,
): string {
  const found = aggregates.find((aggregate) => aggregate.name === name)
  if (name !== undefined && found === undefined) {
    const known = aggregates.map((aggregate) => aggregate.name).join(', ')
    throw new HeadwaterError('aggregate.unknown', `There is no aggregate named ${name}; there are ${known}`)
  }
  if (found !== undefined && isMachine(found)) {
    const paths = found.chart.states.map(({ path }) => path)
    if (state !== undefined && !paths.includes(state))
      throw usageError(`${found.name} has no state ${state}`, `Its states are ${paths.join(', ')}.`)
    if (format === 'xstate') return `${JSON.stringify(toXState(found), null, 2)}\n`
    const options = state === undefined ? {} : { state }
    return format === 'svg' ? toSvg(found, options) : toMermaid(found, options)
  }
  if (format === 'xstate' || state !== undefined) {
    throw usageError(
      `${found === undefined ? 'An app' : found.name} is no state machine`,
      'Name an aggregate that is made with machine(…).',
    )
  }
  const options = name === undefined ? {} : { aggregate: name }
  return format === 'svg' ? flowToSvg(catalog, options) : flowToMermaid(catalog, options)
}
