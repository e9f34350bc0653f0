import type { Moment } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, moment, repeated, text } from '../command/options.ts'
import { readFilter } from '../source/filters.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { DocumentLine, Source, ViewLine } from '../source/source.ts'
import { count, counted } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { isVersionAction, lookAfterVersions, versionActions } from './view-versions.ts'

export const viewCommand = command({
  name: 'view',
  summary: 'List views, read their documents, rebuild them',
  examples: [
    ['headwater view list', 'all views and how far they are'],
    ['headwater view show sales-by-country --sort -revenue', "a view's documents"],
    ["headwater view show orders --filter country=France --filter 'total>=10000'", 'some of them'],
    ["headwater view show orders --search 'white mug'", 'by words, where the view can be searched'],
    ['headwater view get orders 536365', 'one document'],
    ['headwater view get orders 536365 --at 2010-12-03T10:00', 'as it was; show takes --at as well'],
    ['headwater view show orders --all --json | jq .total', 'all of them, one per line, for programs'],
    ['headwater view rebuild orders', 'fold the log anew, beside the version that is read, and switch'],
    ['headwater view versions orders', 'which versions there are'],
    ['headwater view switch orders 1', 'go back to one that was replaced'],
  ],
  arguments: {
    action: { description: `list, show, get, ${versionActions.join(', ')}`, optional: true },
    view: { description: 'Which view', optional: true },
    key: { description: 'Which document, or which version', optional: true },
  },
  options: {
    filter: repeated('<condition>', '<field><operator><value> with = != > >= < <=; may be repeated'),
    search: text('<words>', 'Words that all are in the document, the last one perhaps only begun'),
    sort: text('<fields>', 'Fields, separated by commas; with - downwards'),
    limit: integer('<n>', 'At most so many documents', { min: 1, max: 1_000, default: 100 }),
    cursor: text('<cursor>', 'Go on where the page before ended'),
    all: flag('All documents, page after page'),
    at: moment('As of a position of the log, or of what had occurred by a time; default: now'),
    known: integer('<position>', 'As it was believed when the log ended there, before later amendments'),
    allTenants: flag('Rebuild, switch: the documents of all tenants are meant'),
    withParked: flag('Rebuild, switch: take over although events could not be folded'),
    switch: flag('Rebuild: switch as soon as it has caught up', { default: true }),
    grace: integer('<seconds>', 'Rebuild: how long the version that is replaced is kept; default: a day'),
    ...onBranchOptions,
    json: flag('Print JSON: what HTTP would answer; with --all, one document per line'),
  },
  notes: [
    'Views of a database are brought up to date before they are read.',
    'A rebuild of a database is done by this command, while servers go on; with --url it is done by the server. It can be',
    'interrupted: it goes on where it was when it is called again. No side effect is repeated by it.',
  ],
  run: async ({ args, options, terminal }) => {
    const { action, view, key } = args
    if (options.branch !== undefined && (action === undefined || isVersionAction(action)))
      throw usageError(
        `--branch is for documents`,
        'A branch has no versions of its own: it folds when it is read.',
      )
    // `view orders` and `view list orders` can only mean one thing.
    if (action === undefined || (action === 'list' && view === undefined)) {
      return withSource(options, 'views', terminal, (source) => listViews(source, options.json, terminal))
    }
    if (isVersionAction(action)) {
      if (view === undefined)
        throw usageError(`view ${action} needs a view`, 'headwater view list names them all.')
      const { json, allTenants, withParked, grace } = options
      const given = {
        json,
        allTenants,
        withParked,
        ...(!options.switch && { switch: 'asked' as const }),
        ...(grace !== undefined && { grace: grace * 1_000 }),
      }
      return withSource(options, 'versions', terminal, (source) =>
        lookAfterVersions(source, action, view, key, given, terminal),
      )
    }
    if (action === 'get') {
      if (view === undefined || key === undefined)
        throw usageError('view get needs a view and a key', 'headwater view get <view> <key>')
      return withSource(options, 'views', terminal, (source) =>
        getDocument(source, view, key, { ...options, at: momentOf(options) }, terminal),
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
    const filters = options.filter.map((written) => readFilter(written))
    return withSource(options, 'views', terminal, (source) =>
      showView(source, name, { ...options, filters, at: momentOf(options) }, terminal),
    )
  },
})

/** What was known at a position is what is read as of it. */
function momentOf({
  at,
  known,
}: {
  readonly at: Moment | undefined
  readonly known: number | undefined
}): Moment | undefined {
  if (known === undefined) return at
  if (at instanceof Date)
    throw usageError(
      '--known and a time exclude each other',
      'Views are read as of a time, or as it was known at a position.',
    )
  return Math.min(at ?? known, known)
}

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
    { title: 'version', value: ({ version }) => version ?? undefined },
    { title: 'code', value: codeOf },
    { title: 'events', value: ({ events }) => events.join(', ') },
  ]
  await terminal.print(table(columns, views, terminal))
}

/** Whether the documents are those that the code would make, and what is done about it. */
function codeOf({ code, rebuild }: ViewLine): string {
  if (rebuild !== null)
    return `rebuild ${rebuild.version}: ${Math.floor(rebuild.fraction * 100)} %, ${rebuild.state}`
  return code === 'changed' ? 'changed: rebuild me' : (code ?? '')
}

async function getDocument(
  source: Source,
  view: string,
  key: string,
  { at, json }: { readonly at: Moment | undefined; readonly json: boolean },
  terminal: Terminal,
): Promise<void> {
  const item = await source.document(view, key, at)
  terminal.note(terminal.noteStyle.dim(`${view} ${key} at position ${count(item.position)}`))
  await terminal.print(json ? JSON.stringify(item) : JSON.stringify(item.doc, null, 2))
}

interface ShowOptions {
  readonly search: string | undefined
  readonly filters: readonly ReturnType<typeof readFilter>[]
  readonly sort: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
  readonly all: boolean
  readonly at: Moment | undefined
  readonly json: boolean
}

async function showView(
  source: Source,
  view: string,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const { filters, search, sort, limit, all, at, json } = options
  let { cursor } = options
  for (;;) {
    const asked = { filters, search, sort, limit: all ? 1_000 : limit, cursor, at }
    const page = await source.documents(view, asked)
    if (json && all) {
      if (page.items.length > 0)
        await terminal.print(page.items.map((item) => JSON.stringify(item)).join('\n'))
    } else if (json) await terminal.print(JSON.stringify(page))
    else if (page.items.length === 0)
      terminal.note(`${view} has no ${filters.length > 0 || search !== undefined ? 'such ' : ''}documents.`)
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
