import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, repeated, text } from '../command/options.ts'
import { readFilter } from '../source/filters.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import type { DocumentLine, Source } from '../source/source.ts'
import { count, counted } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const viewCommand = command({
  name: 'view',
  summary: 'List views, read their documents',
  examples: [
    ['headwater view list', 'all views and how far they are'],
    ['headwater view show sales-by-country --sort -revenue', "a view's documents"],
    ["headwater view show orders --filter country=France --filter 'total>=10000'", 'some of them'],
    ['headwater view get orders 536365', 'one document'],
    ['headwater view show orders --all --json | jq .total', 'all of them, one per line, for programs'],
  ],
  arguments: {
    action: { description: 'list, show or get', optional: true },
    view: { description: 'Which view', optional: true },
    key: { description: 'Which document', optional: true },
  },
  options: {
    filter: repeated('<condition>', '<field><operator><value> with = != > >= < <=; may be repeated'),
    sort: text('<fields>', 'Fields, separated by commas; with - downwards'),
    limit: integer('<n>', 'At most so many documents', { min: 1, max: 1_000, default: 100 }),
    cursor: text('<cursor>', 'Go on where the page before ended'),
    all: flag('All documents, page after page'),
    ...sourceOptions,
    json: flag('Print JSON: what HTTP would answer; with --all, one document per line'),
  },
  notes: ['Views of a database are brought up to date before they are read.'],
  run: async ({ args, options, terminal }) => {
    const { action, view, key } = args
    // `view orders` and `view list orders` can only mean one thing.
    if (action === undefined || (action === 'list' && view === undefined)) {
      return withSource(options, 'views', terminal, (source) => listViews(source, options.json, terminal))
    }
    if (action === 'get') {
      if (view === undefined || key === undefined)
        throw usageError('view get needs a view and a key', 'headwater view get <view> <key>')
      return withSource(options, 'views', terminal, (source) =>
        getDocument(source, view, key, options.json, terminal),
      )
    }
    const isAction = action === 'show' || action === 'list'
    const name = isAction ? view : action
    if (name === undefined)
      throw usageError(`view ${action} needs a view`, 'headwater view list names them all.')
    const rest = isAction ? key : view
    if (rest !== undefined)
      throw usageError(
        `${JSON.stringify(rest)} is one argument too many`,
        `headwater view get ${name} ${rest}`,
      )
    const filters = options.filter.map(readFilter)
    return withSource(options, 'views', terminal, (source) =>
      showView(source, name, { ...options, filters }, terminal),
    )
  },
})

async function listViews(source: Source, json: boolean, terminal: Terminal): Promise<void> {
  const views = await source.views()
  if (json) {
    await terminal.print(JSON.stringify({ views }))
    return
  }
  const columns: Column<(typeof views)[number]>[] = [
    { title: 'view', value: ({ name }) => name },
    { title: 'lifecycle', value: ({ lifecycle }) => lifecycle },
    { title: 'position', value: ({ position }) => position },
    { title: 'behind', value: ({ lag }) => lag.events },
    { title: 'events', value: ({ events }) => events.join(', ') },
  ]
  await terminal.print(table(columns, views, terminal))
}

async function getDocument(
  source: Source,
  view: string,
  key: string,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const item = await source.document(view, key)
  terminal.note(terminal.noteStyle.dim(`${view} ${key} at position ${count(item.position)}`))
  await terminal.print(json ? JSON.stringify(item) : JSON.stringify(item.doc, null, 2))
}

interface ShowOptions {
  readonly filters: readonly ReturnType<typeof readFilter>[]
  readonly sort: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
  readonly all: boolean
  readonly json: boolean
}

async function showView(
  source: Source,
  view: string,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const { filters, sort, limit, all, json } = options
  let { cursor } = options
  for (;;) {
    const page = await source.documents(view, { filters, sort, limit: all ? 1_000 : limit, cursor })
    if (json && all) {
      if (page.items.length > 0)
        await terminal.print(page.items.map((item) => JSON.stringify(item)).join('\n'))
    } else if (json) await terminal.print(JSON.stringify(page))
    else if (page.items.length === 0)
      terminal.note(`${view} has no ${filters.length > 0 ? 'such ' : ''}documents.`)
    else await terminal.print(documentTable(page.items, terminal))
    cursor = page.cursor ?? undefined
    if (cursor === undefined) return
    if (!all) {
      if (!json)
        terminal.note(
          `These are ${counted(page.items.length, 'document')}; there are more: --all, or --cursor ${cursor}`,
        )
      return
    }
    terminal.signal.throwIfAborted()
  }
}

/** A column per field; the key only where no field repeats it. */
function documentTable(items: readonly DocumentLine[], terminal: Terminal): string {
  const docs = items.map(({ key, doc }) => ({ key, fields: new Map(Object.entries(asObject(doc))) }))
  const names = [...new Set(docs.flatMap(({ fields }) => [...fields.keys()]))]
  const keyIsShown = names.some((name) => docs.every(({ key, fields }) => fields.get(name) === key))
  const columns: Column<(typeof docs)[number]>[] = names.map((title) => ({
    title,
    value: ({ fields }) => fields.get(title),
  }))
  return table(keyIsShown ? columns : [{ title: 'key', value: ({ key }) => key }, ...columns], docs, terminal)
}

function asObject(doc: unknown): object {
  return typeof doc === 'object' && doc !== null && !Array.isArray(doc) ? doc : { value: doc }
}
