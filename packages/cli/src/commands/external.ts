import type { BlockedCall, ExternalCall, ExternalSummary } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, parsed, text } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import type { CallsQuery, Source } from '../source/source.ts'
import { count, duration, printable } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const actions = ['list', 'calls', 'show'] as const
const statuses = ['intended', 'answered', 'failed', 'blocked'] as const

export const externalCommand = command({
  name: 'external',
  summary: 'Look at what is called in the world outside, and what it answered',
  examples: [
    ['headwater external', 'all externals, and how far they reach'],
    ['headwater external calls exchange-rate', 'its journal, the last call first'],
    ['headwater external calls charge --status failed', 'what went wrong'],
    ['headwater external calls charge --caller order-17-cmd', 'what a command or an event led to'],
    ['headwater external show charge 42', 'a call with all that is journaled of it'],
    [
      'headwater external list --url http://localhost:4000',
      'with what a server counted, and what it blocked',
    ],
  ],
  arguments: {
    action: { description: actions.join(', '), optional: true },
    external: { description: 'Which external', optional: true },
    call: { description: 'show: its place in the journal', optional: true },
  },
  options: {
    status: parsed('<status>', `Only calls that came to this: ${statuses.join(', ')}`, statusOf),
    caller: text('<id>', 'Only those of this command or event'),
    before: integer('<n>', 'Only those before this place in the journal', { min: 1 }),
    limit: integer('<n>', 'At most so many calls', { min: 1, max: 1_000, default: 20 }),
    ...sourceOptions,
    json: flag('Print JSON: what HTTP would answer'),
  },
  run: ({ args, options, terminal }) =>
    withSource(options, 'definition', terminal, async (source) => {
      const action = actions.find((name) => name === (args.action ?? 'list'))
      if (action === undefined)
        throw usageError(
          `external does not know ${JSON.stringify(args.action)}`,
          `It knows ${actions.join(', ')}.`,
        )
      if (action === 'list') return printList(source, options.json, terminal)
      const { external } = args
      if (external === undefined)
        throw usageError(`external ${action} needs an external`, 'headwater external names them all.')
      if (action === 'calls') return printCalls(source, external, options, terminal)
      return printCall(await source.call(external, placeOf(args.call)), options.json, terminal)
    }),
})

function statusOf(written: string): (typeof statuses)[number] {
  const status = statuses.find((known) => known === written)
  if (status !== undefined) return status
  throw usageError(`--status is ${JSON.stringify(written)}`, `Give one of ${statuses.join(', ')}.`)
}

async function printList(source: Source, json: boolean, terminal: Terminal): Promise<void> {
  const { externals, blocked } = await source.externals()
  if (json) return terminal.print(JSON.stringify({ externals, blocked }))
  if (externals.length === 0) return terminal.note('This app calls nothing outside.')
  const columns: Column<ExternalSummary>[] = [
    { title: 'external', value: ({ name }) => name },
    { title: 'mode', value: ({ mode }) => mode },
    { title: 'time limit', value: ({ timeLimit }) => duration(timeLimit) },
    { title: 'retries', value: ({ retries }) => retries },
    { title: 'kept for', value: ({ keepFor }) => (keepFor === null ? 'good' : duration(keepFor)) },
    { title: 'answered', value: ({ counts }) => counts.answered },
    { title: 'failed', value: ({ counts }) => counts.failed },
    { title: 'replayed', value: ({ counts }) => counts.replayed },
    { title: 'blocked', value: ({ counts }) => counts.blocked },
    { title: '', value: ({ description }) => printable(description ?? '') },
  ]
  await terminal.print(table(columns, externals, terminal))
  for (const call of blocked) terminal.note(blockedLine(call))
}

async function printCalls(
  source: Source,
  external: string,
  { status, caller, before, limit, json }: CallsQuery & { readonly json: boolean },
  terminal: Terminal,
): Promise<void> {
  const calls = await source.calls(external, { status, caller, before, limit })
  if (json) return terminal.print(JSON.stringify({ calls }))
  if (calls.length === 0) return terminal.note('No such call is journaled.')
  const columns: Column<ExternalCall>[] = [
    { title: 'call', value: ({ sequence }) => `#${sequence}` },
    { title: 'at', value: ({ intendedAt }) => intendedAt },
    { title: 'by', value: whoCalled },
    { title: 'status', value: ({ status: came }) => came },
    { title: 'attempts', value: ({ attempts }) => attempts },
    { title: 'request', value: (call) => shown(call.request, call.requestSize) },
    {
      title: 'answer',
      value: ({ answer, answerSize, error }) => error?.message ?? shown(answer, answerSize),
    },
  ]
  await terminal.print(table(columns, calls, terminal))
}

async function printCall(call: ExternalCall, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.print(JSON.stringify(call))
  const { external, status, attempts, request, answer, error, idempotencyKey, intendedAt, settledAt } = call
  const lines = [
    `#${call.sequence} ${external} ${status}`,
    `by        ${whoCalled(call)}`,
    `intended  ${intendedAt}`,
    `settled   ${settledAt ?? 'not yet'}`,
    `attempts  ${count(attempts)}`,
    `key       ${idempotencyKey}`,
    `request   ${printable(JSON.stringify(request))}`,
    ...(answer === null || answer === undefined ? [] : [`answer    ${printable(JSON.stringify(answer))}`]),
    ...(error === null ? [] : [`error     ${printable(`${error.code}: ${error.message}`)}`]),
  ]
  await terminal.print(lines.join('\n'))
}

function whoCalled({ caller, number }: Pick<ExternalCall, 'caller' | 'number'>): string {
  const { name, id, series } = caller
  return printable(`${name} ${id}${series === '' ? '' : ` ${series}`}${number === 1 ? '' : ` (${number})`}`)
}

function blockedLine({ external, caller, why, at }: BlockedCall): string {
  return printable(`  blocked ${at}: ${external} for ${caller.name} ${caller.id}: ${why}`)
}

function shown(value: unknown, size: number): string {
  return value === undefined && size > 0 ? `${count(size)} long` : JSON.stringify(value ?? null)
}

function placeOf(written: string | undefined): number {
  if (written !== undefined && /^#?[1-9]\d{0,14}$/.test(written)) return Number(written.replace('#', ''))
  throw usageError(
    `${JSON.stringify(written ?? '')} is no call`,
    'Give its place in the journal: headwater external show charge 42',
  )
}
