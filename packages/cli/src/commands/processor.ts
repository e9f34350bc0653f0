import type { ProcessorSummary, Reprocessing } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, parsed, text } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import type { ProcessorSource } from '../source/processors.ts'
import { count } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const acts = ['pause', 'resume', 'reset', 'split', 'merge'] as const
const actions = ['list', 'show', ...acts, 'reprocess', 'jobs', 'cancel', 'results', 'acts'] as const
type Action = (typeof actions)[number]

const place = (description: string) => parsed('<place>', description, readPlace)

export const processorCommand = command({
  name: 'processor',
  summary: 'Look after views and subscriptions: how far they are, pause, reset, split, reprocess',
  examples: [
    ['headwater processor list', 'all of them, how far they are and what is parked'],
    ["headwater processor pause mail --why 'the mail server is down'", 'in every process, across restarts'],
    ['headwater processor resume mail', 'go on'],
    ['headwater processor reset mail --to end', 'leave out what it has not handled yet'],
    [
      "headwater processor reprocess mail --from 100 --to 120 --why 'sent to the wrong address'",
      'handle old events once more, with their effects',
    ],
    ['headwater processor split totals', 'divide the largest partition in two, while others go on'],
  ],
  arguments: {
    action: { description: `${actions.join(', ')}`, optional: true },
    processor: { description: 'Which view or subscription', optional: true },
    job: { description: 'Which reprocessing job, to cancel', optional: true },
  },
  options: {
    to: place('reset: beginning, end, a position or a time. reprocess: the last event'),
    from: place('reprocess: the first event, a position or a time'),
    repeatEffects: flag('reset: that events which were handled are handled again, effects and all'),
    partition: integer('<slot>', 'split, merge: the partition that begins with this slot', { max: 65_535 }),
    why: text('<reason>', 'Kept with what is done; reprocess needs one'),
    after: integer('<n>', 'results: positions above this one', { default: 0 }),
    limit: integer('<n>', 'At most so many rows', { min: 1, max: 1_000, default: 100 }),
    ...sourceOptions,
    json: flag('Print JSON: what HTTP would answer'),
  },
  notes: [
    'What is told to a processor stands in the database: the processes that run the app obey within a moment, or when they start.',
    'A view is not reset: headwater view rebuild builds it anew beside the version that is read.',
  ],
  run: ({ args, options, terminal }) =>
    withSource(options, 'operations', terminal, async (source) => {
      const action = actionOf(args.action, args.processor)
      if (action === 'list') {
        const processors = await source.processors()
        if (options.json) return terminal.print(JSON.stringify({ processors }))
        return terminal.print(table(listColumns, processors, terminal))
      }
      if (args.processor === undefined)
        throw usageError(`processor ${action} needs a processor`, 'headwater processor list names them all.')
      const processor = source.processor(args.processor)
      const why = options.why === undefined ? {} : { why: options.why }
      const partition = options.partition === undefined ? {} : { partition: options.partition }
      switch (action) {
        case 'show':
          return printSummary(await processor.summary(), options.json, terminal)
        case 'pause':
          return printSummary(await processor.pause(why), options.json, terminal)
        case 'resume':
          return printSummary(await processor.resume(why), options.json, terminal)
        case 'split':
          return printSummary(await processor.split({ ...why, ...partition }), options.json, terminal)
        case 'merge':
          return printSummary(await processor.merge({ ...why, ...partition }), options.json, terminal)
        case 'reset': {
          if (options.to === undefined)
            throw usageError(
              'processor reset needs --to',
              'Write --to beginning, --to end, --to <position> or --to <time>.',
            )
          const { repeatEffects, to } = options
          return printSummary(
            await processor.reset({ why: options.why ?? 'asked for on the command line', to, repeatEffects }),
            options.json,
            terminal,
          )
        }
        case 'reprocess':
          return reprocess(processor, options, terminal)
        case 'cancel':
          if (args.job === undefined)
            throw usageError(
              'processor cancel needs a job',
              `headwater processor jobs ${args.processor} lists them.`,
            )
          return printJobs([await processor.cancelJob(args.job)], options.json, terminal)
        case 'jobs':
          return printJobs(await processor.jobs(), options.json, terminal)
        case 'results':
          return printRows(
            'results',
            await processor.results({ after: options.after, limit: options.limit }),
            resultColumns,
            options.json,
            terminal,
          )
        case 'acts':
          return printRows(
            'acts',
            await processor.acts({ limit: options.limit }),
            actColumns,
            options.json,
            terminal,
          )
      }
    }),
})

/** `processor` alone lists; `processor mail` shows. */
function actionOf(action: string | undefined, processor: string | undefined): Action {
  if (action === undefined) return 'list'
  const known = actions.find((name) => name === action)
  if (known !== undefined) return known
  throw usageError(
    `processor does not know ${JSON.stringify(action)}`,
    processor === undefined
      ? `Did you mean headwater processor show ${action}? There are ${actions.join(', ')}.`
      : `There are ${actions.join(', ')}.`,
  )
}

/** `beginning`, `end`, `120`, `2026-11-21T10:00:00Z` */
function readPlace(written: string, name: string): number | string {
  if (written === 'beginning' || written === 'end') return written
  if (/^\d{1,15}$/.test(written)) return Number(written)
  if (/^\d{4}-\d{2}-\d{2}/.test(written) && !Number.isNaN(Date.parse(written)))
    return new Date(written).toISOString()
  throw usageError(
    `--${name} is ${JSON.stringify(written)}`,
    'Give beginning, end, a position, or an ISO 8601 time: 2026-11-21T10:00:00Z.',
  )
}

interface ReprocessOptions {
  readonly from: number | string | undefined
  readonly to: number | string | undefined
  readonly why: string | undefined
  readonly json: boolean
}

async function reprocess(
  processor: ProcessorSource,
  { from, to, why, json }: ReprocessOptions,
  terminal: Terminal,
): Promise<void> {
  if (from === undefined || why === undefined) {
    throw usageError(
      'processor reprocess needs --from and --why',
      'It has effects again, so it is kept who asked for it, and why.',
    )
  }
  const first = from === 'beginning' ? 1 : from
  const job = await processor.reprocess({ from: first, why, ...(to !== undefined && to !== 'end' && { to }) })
  await printJobs([job], json, terminal)
  if (!json)
    terminal.note(
      'Whichever process runs the processor does it; headwater processor jobs tells how far it is.',
    )
}

async function printSummary(summary: ProcessorSummary, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.print(JSON.stringify(summary))
  await terminal.print(table(listColumns, [summary], terminal))
  const { paused, error, partitions } = summary
  if (paused !== null)
    terminal.note(
      `  paused ${paused.at}${paused.actor === null ? '' : ` by ${paused.actor}`}${paused.why === null ? '' : `: ${paused.why}`}`,
    )
  if (error !== null) terminal.note(`  ${error}`)
  if (partitions.length > 1) await terminal.print(`\n${table(partitionColumns, partitions, terminal)}`)
}

async function printJobs(jobs: readonly Reprocessing[], json: boolean, terminal: Terminal): Promise<void> {
  return printRows('jobs', jobs, jobColumns, json, terminal)
}

async function printRows<Row>(
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  if (json) return terminal.print(JSON.stringify({ [name]: rows }))
  if (rows.length === 0) return terminal.note(`There are no ${name}.`)
  await terminal.print(table([...columns], rows, terminal))
}

const listColumns: Column<ProcessorSummary>[] = [
  { title: 'processor', value: ({ name }) => name },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'status', value: ({ status }) => status },
  { title: 'position', value: ({ position }) => position },
  { title: 'behind', value: ({ lag }) => lag.events },
  { title: 'seconds', value: ({ lag }) => Math.round(lag.seconds * 10) / 10 },
  { title: 'parked', value: ({ parked }) => parked },
  { title: 'partitions', value: ({ partitions }) => partitions.length },
]

const partitionColumns: Column<ProcessorSummary['partitions'][number]>[] = [
  { title: 'slots', value: ({ first, last }) => `${first}–${last}` },
  { title: 'position', value: ({ position }) => position },
  { title: 'process', value: ({ owner }) => owner },
]

const jobColumns: Column<Reprocessing>[] = [
  { title: 'job', value: ({ id }) => id },
  { title: 'state', value: ({ state }) => state },
  { title: 'events', value: ({ from, to }) => `#${count(from)}–#${count(to)}` },
  { title: 'reached', value: ({ reached }) => reached },
  { title: 'by', value: ({ actor }) => actor },
  { title: 'why', value: ({ why }) => why },
]

const resultColumns: Column<Awaited<ReturnType<ProcessorSource['results']>>[number]>[] = [
  { title: 'position', value: ({ position }) => position },
  { title: 'sequence', value: ({ sequence }) => sequence },
  { title: 'status', value: ({ status }) => status },
  { title: 'attempts', value: ({ attempts }) => attempts },
  { title: 'result', value: ({ result, error }) => error ?? JSON.stringify(result) },
  { title: 'at', value: ({ at }) => at },
  { title: 'process', value: ({ owner }) => owner },
]

const actColumns: Column<Awaited<ReturnType<ProcessorSource['acts']>>[number]>[] = [
  { title: 'at', value: ({ at }) => at },
  { title: 'what', value: ({ kind }) => kind },
  { title: 'by', value: ({ actor }) => actor },
  { title: 'why', value: ({ why }) => why },
  { title: 'details', value: ({ details }) => JSON.stringify(details) },
]
