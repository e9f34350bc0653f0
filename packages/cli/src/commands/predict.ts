import type { PredictedOutcome, Prediction } from '@headwater/client'
import type { Look, RawHypotheticalCommand } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, instant, integer, moment, repeated, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { dataOf } from '../terminal/changes.ts'
import { printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printDifference } from './branch-diff.ts'
import { jsonArgument } from './json-argument.ts'
import {
  integerOf,
  type LineOfFields,
  noOthers,
  readJsonLines,
  textOf,
  timeOf,
  wrongLine,
} from './json-lines.ts'

const supposed = {
  name: 'command',
  example: '{"type":"PayOrder","data":{"orderId":"1"},"at":"2030-01-01T00:00:00Z"}',
}

export const predictCommand = command({
  name: 'predict',
  summary: 'What would happen if commands were sent and time went by; nothing is left of it',
  examples: [
    [`headwater predict PayOrder '{"orderId":"1"}'`, 'what would come of it now'],
    [`headwater predict PayOrder '{"orderId":"1"}' --when 2030-01-01`, 'and then'],
    ['headwater predict --commands january.jsonl --until 2030-02-01 --view sales', 'of many, in their order'],
    [`headwater predict CloseAccount '{"accountId":"ada"}' --state account-ada --json`, 'for programs'],
  ],
  arguments: {
    command: { description: "The command's type; otherwise --commands", optional: true },
    data: { description: 'Its data as JSON; - reads stdin', optional: true },
  },
  options: {
    when: instant('When the command is sent; default: now'),
    commands: text('<file>', 'Commands, one per line; - is stdin'),
    until: instant('Time goes on to then, when all commands were sent'),
    at: moment('Begin at a position, or with what had been recorded by a time; default: now'),
    view: repeated('<view>', 'Then show a document, <view>/<key>, or all of a view; may be repeated'),
    state: repeated('<stream>', 'Then show the state of an aggregate; may be repeated'),
    limit: integer('<n>', 'Print at most so many differences of each kind', { min: 1, default: 20 }),
    actor: text('<name>', 'Who would send it'),
    ...onBranchOptions,
    json: flag('Print JSON: what HTTP would answer'),
  },
  notes: [
    'It is tried on a branch that is dropped afterwards: decisions are those of the app, calls to the outside are answered from',
    'the journal or blocked, and nothing has an effect. --commands reads',
    supposed.example,
  ],
  run: async ({ args, options, terminal }) => {
    const commands = await commandsOf(args, options, terminal)
    const { branch: from, at, until, actor, json, limit } = options
    const look = [...options.view.map(viewLook), ...options.state.map((stream) => ({ stream }))]
    return withSource({ ...options, branch: undefined }, 'views', terminal, async (source) => {
      const prediction = await source.predict({ from, at, commands, until, look, actor })
      if (json) await terminal.print(JSON.stringify(prediction))
      else await tell(prediction, commands, look, limit, terminal)
    })
  },
})

async function commandsOf(
  { command: type, data }: { readonly command: string | undefined; readonly data: string | undefined },
  { when, commands: file }: { readonly when: Date | undefined; readonly commands: string | undefined },
  terminal: Terminal,
): Promise<readonly RawHypotheticalCommand[]> {
  if (type !== undefined && file !== undefined)
    throw usageError('Either a command or --commands', 'Put it into the file, with the others.')
  if (file !== undefined) {
    if (when !== undefined) throw usageError('--when is for a command', 'In a file, each has an "at".')
    return (await readJsonLines(file, supposed, terminal)).map(commandIn)
  }
  if (type === undefined) return []
  return [{ type, data: await jsonArgument(data, terminal), ...(when !== undefined && { at: when }) }]
}

function commandIn({ place, fields }: LineOfFields): RawHypotheticalCommand {
  const { type, data = {}, at, id, expectedRevision, ...others } = fields
  noOthers(others, supposed, place)
  const time = timeOf(at, supposed, place, 'at')
  const revision = integerOf(expectedRevision, supposed, place, 'expectedRevision')
  if (id === '') throw wrongLine(supposed, place, 'has an empty id')
  return {
    type: textOf(type, supposed, place, 'type'),
    data,
    ...(time !== undefined && { at: time }),
    ...(id !== undefined && { id: textOf(id, supposed, place, 'id') }),
    ...(revision !== undefined && { expectedRevision: revision }),
  }
}

/** `sales`, or `sales/France`: no view has a slash in its name. */
function viewLook(written: string): Look {
  const [view = '', ...key] = written.split('/')
  return key.length === 0 ? { view } : { view, key: key.join('/') }
}

async function tell(
  { outcomes, diff, now, seen }: Prediction,
  commands: readonly RawHypotheticalCommand[],
  looks: readonly Look[],
  limit: number,
  terminal: Terminal,
): Promise<void> {
  const { print, style, note, noteStyle } = terminal
  for (const [index, outcome] of outcomes.entries())
    await print(outcomeLine(outcome, commands[index], terminal))
  if (outcomes.length > 0) await print('')
  await printDifference({ ...diff, branch: 'what would be' }, limit, terminal)
  for (const [index, look] of looks.entries()) {
    const title = 'view' in look ? [look.view, look.key] : ['stream' in look ? look.stream : look.query]
    const shown = seen[index]
    await print(`\n${style.name(printable(title.filter((part) => part !== undefined).join('/')))}`)
    await print(shown === null ? style.dim('  there is none') : JSON.stringify(shown, null, 2))
  }
  note(noteStyle.dim(`It would be ${now}. Nothing of it was recorded.`))
}

function outcomeLine(
  { status, stream, revision, events, reason }: PredictedOutcome,
  command: RawHypotheticalCommand | undefined,
  { style }: Terminal,
): string {
  const what = `${style.name(printable(command?.type ?? ''))} ${style.dim(dataOf(command?.data))}`
  if (status === 'rejected') {
    const why = [reason?.code, reason?.message].filter((part) => part !== undefined).join(': ')
    return `${style.bad('rejected')} ${what}: ${printable(why)}`
  }
  const made =
    events.length === 0 ? 'nothing to record' : events.map(({ type }) => printable(type)).join(', ')
  return `${style.good('accepted')} ${what}: ${made}; ${printable(stream)} at revision ${revision}`
}
