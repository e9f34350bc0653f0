import type { ParkedEventDetail, ParkedSequence } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, text } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import type { ProcessorSource } from '../source/processors.ts'
import { eventLine } from '../terminal/event-line.ts'
import { counted, printable } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { jsonArgument } from './json-argument.ts'

const actions = ['list', 'show', 'edit', 'retry', 'drop'] as const

export const parkedCommand = command({
  name: 'parked',
  summary: 'Look after events that could not be processed: show, edit, retry, drop',
  examples: [
    ['headwater parked list', 'what waits, by processor and sequence'],
    ['headwater parked show mail order-17', 'the event it waits on, and what went wrong'],
    ['headwater parked retry mail order-17', 'try the sequence again, in order'],
    [
      `headwater parked edit mail order-17 --data '{"to":"ada@example.org"}' --why 'a typing error'`,
      'process it with other data; the log stays as it is',
    ],
    ["headwater parked drop mail order-17 --why 'the customer is gone'", 'never process it'],
  ],
  arguments: {
    action: { description: actions.join(', '), optional: true },
    processor: { description: 'Which view or subscription', optional: true },
    sequence: { description: "Which key waits: a stream, or a view's key", optional: true },
    position: { description: 'Which of its events; otherwise the first, to drop all', optional: true },
  },
  options: {
    data: text('<json>', 'edit: what the event is processed with; - reads it from stdin'),
    why: text('<reason>', 'Kept with what is done; edit and drop need one'),
    limit: integer('<n>', 'At most so many sequences', { min: 1, max: 1_000, default: 100 }),
    ...sourceOptions,
    json: flag('Print JSON: what HTTP would answer'),
  },
  run: ({ args, options, terminal }) =>
    withSource(options, 'operations', terminal, async (source) => {
      const action = actions.find((name) => name === (args.action ?? 'list'))
      if (action === undefined)
        throw usageError(
          `parked does not know ${JSON.stringify(args.action)}`,
          `There are ${actions.join(', ')}.`,
        )
      if (action === 'list') {
        const names =
          args.processor === undefined
            ? (await source.processors()).map(({ name }) => name)
            : [args.processor]
        const rows: Listed[] = []
        for (const processor of names) {
          const sequences = await source.processor(processor).parked.sequences({ limit: options.limit })
          rows.push(...sequences.map((sequence) => ({ processor, ...sequence })))
        }
        return printList(rows, options.json, terminal)
      }
      if (args.processor === undefined)
        throw usageError(`parked ${action} needs a processor`, 'headwater parked list names what is parked.')
      const { parked } = source.processor(args.processor)
      const why = options.why === undefined ? {} : { why: options.why }
      if (action === 'retry') {
        const asked = await parked.retry({
          ...why,
          ...(args.sequence !== undefined && { sequence: args.sequence }),
        })
        if (options.json) return terminal.print(JSON.stringify({ asked }))
        return terminal.print(`${counted(asked, 'sequence')} will be tried again`)
      }
      const { sequence } = args
      if (sequence === undefined)
        throw usageError(
          `parked ${action} needs a sequence`,
          `headwater parked list ${args.processor} names them.`,
        )
      if (action === 'drop') return drop(parked, sequence, args.position, options, terminal)
      const position = args.position === undefined ? await firstOf(parked, sequence) : numberOf(args.position)
      if (action === 'show')
        return printDetail(await parked.show({ sequence, position }), options.json, terminal)
      if (options.data === undefined || options.why === undefined)
        throw usageError('parked edit needs --data and --why', "Write --data '<json>' --why '<reason>'.")
      const data = await jsonArgument(options.data, terminal)
      return printDetail(
        await parked.edit({ sequence, position }, { data, why: options.why }),
        options.json,
        terminal,
      )
    }),
})

type Parked = ProcessorSource['parked']
type Listed = ParkedSequence & { readonly processor: string }

async function drop(
  parked: Parked,
  sequence: string,
  position: string | undefined,
  { why, json }: { readonly why: string | undefined; readonly json: boolean },
  terminal: Terminal,
): Promise<void> {
  if (why === undefined)
    throw usageError('parked drop needs --why', 'What is dropped is never processed: say why.')
  const dropped = await parked.drop({
    sequence,
    why,
    ...(position !== undefined && { position: numberOf(position) }),
  })
  await terminal.print(json ? JSON.stringify({ dropped }) : `${counted(dropped, 'event')} dropped`)
}

async function printList(sequences: readonly Listed[], json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.print(JSON.stringify({ sequences }))
  if (sequences.length === 0) return terminal.note('Nothing is parked.')
  const columns: Column<Listed>[] = [
    { title: 'processor', value: ({ processor }) => processor },
    { title: 'sequence', value: ({ sequence }) => sequence },
    { title: 'events', value: ({ events }) => events },
    { title: 'first', value: ({ position }) => `#${position}` },
    { title: 'attempts', value: ({ attempts }) => attempts },
    { title: 'asked', value: ({ isAsked }) => (isAsked ? 'again' : '') },
    { title: 'error', value: ({ error }) => error },
  ]
  await terminal.print(table(columns, sequences, terminal))
}

async function printDetail(detail: ParkedEventDetail, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.print(JSON.stringify(detail))
  const { event, data, edit, error, attempts, behind, parkedAt } = detail
  await terminal.print(
    eventLine(
      { ...event, occurredAt: event.occurredAt ?? event.recordedAt },
      { style: terminal.style, width: undefined },
    ),
  )
  if (edit !== null) {
    await terminal.print(`processed with ${printable(JSON.stringify(data))}`)
    terminal.note(`  edited ${edit.at}${edit.actor === null ? '' : ` by ${edit.actor}`}: ${edit.why ?? ''}`)
  }
  terminal.note(`  ${error ?? 'waits behind another'}`)
  terminal.note(
    `  tried ${counted(attempts, 'time')}, parked ${parkedAt}, ${counted(behind, 'event')} behind it`,
  )
}

async function firstOf(parked: Parked, sequence: string): Promise<number> {
  const [first] = await parked.list({ sequence, limit: 1 })
  if (first !== undefined) return first.position
  throw usageError(`Nothing of ${JSON.stringify(sequence)} is parked`, 'headwater parked list says what is.')
}

function numberOf(position: string): number {
  if (/^#?[1-9]\d{0,14}$/.test(position)) return Number(position.replace('#', ''))
  throw usageError(`${JSON.stringify(position)} is no position`, 'Give the number of an event: 17')
}
