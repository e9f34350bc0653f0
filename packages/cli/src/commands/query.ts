import { fieldsOf, inputOfFields, type TextFields } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { nearest } from '../command/nearest.ts'
import { flag, moment, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { QueryLine, Source } from '../source/source.ts'
import { printable } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { jsonArgument } from './json-argument.ts'

export const queryCommand = command({
  name: 'query',
  summary: "Ask one of the app's queries, or list them",
  examples: [
    ['headwater query', 'all queries, and what they take'],
    ['headwater query GetOrderDetails --order-id 536365', 'its input, field by field'],
    [`headwater query FindOrders '{"text":"white mug","from":10}'`, 'or as JSON; - reads stdin'],
    ['headwater query FindOrders --text mug --tag new --tag red --json | jq .[].orderId', 'for programs'],
    ['headwater query GetTotals --at 2010-12-03', 'what it would have answered then'],
    ['headwater query GetTotals --url http://localhost:4000', 'of a running server'],
  ],
  arguments: {
    query: { description: 'Which query', optional: true },
    input: { description: 'Its input as JSON; - reads stdin', optional: true },
  },
  options: {
    actor: text('<name>', 'Who asks'),
    at: moment('Of a position of the log, or of what had occurred by a time; default: now'),
    ...onBranchOptions,
    json: flag('Print the answer as JSON on one line'),
  },
  fields:
    'of the input, as the schema of the query names it: --order-id or --orderId; may be repeated for a list',
  notes: [
    'Views are brought up to date before the query reads them. A field that has the name of an option goes into the JSON.',
  ],
  run: async ({ args, options, fields, terminal }) => {
    const { query: name } = args
    if (name === undefined) {
      return withSource(options, 'definition', terminal, (source) =>
        listQueries(source, options.json, terminal),
      )
    }
    const names = Object.keys(fields)
    if (args.input !== undefined && names.length > 0)
      throw usageError(`The input is given as JSON and by --${names[0]}`, 'Give it one way.')
    const given = args.input === undefined ? undefined : await jsonArgument(args.input, terminal)
    return withSource(options, 'views', terminal, async (source) => {
      const input = given ?? (await inputOf(source, name, fields))
      const answer = await source.query(name, input, options)
      await terminal.print(options.json ? JSON.stringify(answer) : JSON.stringify(answer, null, 2))
    })
  },
})

/** @throws CliError usage where a field is none of the query's */
async function inputOf(source: Source, name: string, fields: TextFields): Promise<unknown> {
  const query = (await source.queries()).find((known) => known.name === name)
  const known = fieldsOf(query?.input ?? null)
  const named = Object.entries(fields).map(([written, values]) => {
    const camel = written.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    const field = known === undefined || known.has(written) ? written : camel
    if (known === undefined || known.has(field)) return [field, values] as const
    const close = nearest(field, [...known])
    throw usageError(
      `The query ${name} takes no ${written}`,
      close === undefined ? `It takes ${[...known].join(', ') || 'nothing'}.` : `Did you mean --${close}?`,
    )
  })
  return inputOfFields(query?.input ?? null, Object.fromEntries(named))
}

async function listQueries(source: Source, json: boolean, terminal: Terminal): Promise<void> {
  const queries = await source.queries()
  if (json) return terminal.print(JSON.stringify({ queries }))
  if (queries.length === 0) return terminal.note('This app has no queries.')
  const columns: Column<QueryLine>[] = [
    { title: 'query', value: ({ name }) => name },
    { title: 'takes', value: ({ input }) => taken(input) },
    { title: 'context', value: ({ context }) => context },
    { title: '', value: ({ description }) => printable(description ?? '') },
  ]
  return terminal.print(table(columns, queries, terminal))
}

/** Its fields; those that it can do without in brackets. */
function taken(input: QueryLine['input']): string {
  const required = input?.['required']
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name)
  return [...(fieldsOf(input) ?? [])].map((name) => (isRequired(name) ? name : `[${name}]`)).join(' ')
}
