import type { Amendments } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, instant, integer, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { RawEdit } from '../source/source.ts'
import { printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { readEdits } from './edits.ts'
import { jsonArgument } from './json-argument.ts'

const actions = ['ignore', 'correct', 'restore', 'insert', 'apply'] as const

export const amend = command({
  name: 'amend',
  summary: 'Correct the past: an event that counts no more, or otherwise, or that is missing',
  examples: [
    [`headwater amend ignore 0198….1 --why 'entered twice'`, 'it counts no more'],
    [
      `headwater amend correct 0198….1 '{"item":"pears","price":25}' --why 'a typing error'`,
      'what should have been recorded',
    ],
    [`headwater amend restore 0198….1 --why 'it was right'`, 'take back what was said about it'],
    [
      `headwater amend insert 0198….1 '{"item":"plums","price":9}' --type Sold --why 'left out'`,
      'what should have been recorded right behind it',
    ],
    [
      `headwater amend apply edits.jsonl --branch what-if --why 'a wrong price list'`,
      'many at once, all or none; on a branch, to see first what comes of it',
    ],
  ],
  arguments: {
    action: { description: actions.join(', ') },
    event: { description: "The event's id: headwater read --json names it; apply: a file, - is stdin" },
    data: { description: 'correct, insert: its data as JSON; - reads stdin', optional: true },
  },
  options: {
    why: text('<reason>', 'Recorded with who says so; required'),
    type: text('<type>', "insert: the event's type; correct: another one"),
    version: integer('<n>', 'The version of the schema that the data is of', { min: 1 }),
    occurredAt: instant('When it happened; default: when the event did'),
    actor: text('<name>', 'Who says so'),
    id: text('<id>', "The amendment's id: sent twice, it has one effect"),
    ...onBranchOptions,
    json: flag('Print what was recorded as JSON'),
  },
  notes: [
    'apply reads one edit per line, up to 1,000, as POST /amendments takes them: {"omit":"0198….1"},',
    '{"replace":{"event":"0198….1","data":{…}}}, {"insert":{"after":"0198….1","type":"Sold","data":{…}}}.',
  ],
  run: async ({ args, options, terminal }) => {
    const { why, id, actor } = options
    const action = actions.find((name) => name === args.action)
    if (action === undefined)
      throw usageError(
        `amend does not know ${JSON.stringify(args.action)}`,
        `There are ${actions.join(', ')}.`,
      )
    if (why === undefined) throw usageError(`amend ${action} needs --why`, 'Say why: it is kept with it.')
    const edits =
      action === 'apply'
        ? await readEdits(args.event, terminal)
        : [await editOf(action, args, options, terminal)]
    return withSource(options, 'writes', terminal, async (source) => {
      const said = await source.amend(edits, { why, id, actor })
      if (options.json) await terminal.print(JSON.stringify(said))
      else await tell(said, terminal)
    })
  },
})

async function editOf(
  action: Exclude<(typeof actions)[number], 'apply'>,
  args: { readonly event: string; readonly data: string | undefined },
  {
    type,
    version,
    occurredAt,
  }: {
    readonly type: string | undefined
    readonly version: number | undefined
    readonly occurredAt: Date | undefined
  },
  terminal: Terminal,
): Promise<RawEdit> {
  const { event } = args
  if (action === 'ignore') return { omit: event }
  if (action === 'restore') return { restore: event }
  if (args.data === undefined)
    throw usageError(`amend ${action} needs data`, 'Write it as JSON, or - for stdin.')
  const content = {
    data: await jsonArgument(args.data, terminal),
    ...(version !== undefined && { version }),
    ...(occurredAt !== undefined && { occurredAt }),
  }
  if (action === 'correct') return { replace: event, by: { ...content, ...(type !== undefined && { type }) } }
  if (type === undefined) throw usageError('amend insert needs --type', 'Name the type of what is inserted.')
  return { insert: { ...content, type }, after: event }
}

const words = { omit: 'ignored', replace: 'corrected', insert: 'inserted', restore: 'restored' }

async function tell({ amendments }: Amendments, { print, style }: Terminal): Promise<void> {
  for (const { edit, target, id, stream, revision, position } of amendments) {
    const what = printable(edit === 'insert' ? id : (target ?? ''))
    const where = style.dim(`#${position}`)
    await print(
      `${where} ${style.good(words[edit])} ${what}: ${printable(stream)} is at revision ${revision}`,
    )
  }
}
