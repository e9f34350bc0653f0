import { type App, type Catalog, catalogOf, lintNames } from '@headwater/core'
import { loadApp } from '../app/load.ts'
import { readConfig } from '../app/config.ts'
import { shownDatabase } from '../app/database.ts'
import { storeAt } from '../app/open.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { checkRecorded } from '../catalog/check.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag, integer, text } from '../command/options.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const catalog = command({
  name: 'catalog',
  summary: 'Print what the app defines; check what was recorded against it',
  examples: [
    ['headwater catalog', 'all that the app consists of: commands, events, views …'],
    ['headwater catalog examples/shop --json | jq .events[].schema', 'their JSON Schemas, for programs'],
    ['headwater catalog check', 'whether all that was ever recorded fits today’s schemas'],
    ['headwater catalog check --db copy.db --misfits misfits.jsonl', 'and list everything that does not'],
  ],
  arguments: {
    action: { description: 'check; otherwise the app', optional: true },
    path: { description: 'The app: a folder or a file', optional: true },
  },
  options: {
    ...targetOptions,
    after: integer('<n>', 'With check: only positions above this one', { default: 0 }),
    commands: flag('With check: the commands of the command log, too'),
    misfits: text('<file>', 'With check: where to list all that does not fit, as JSON Lines'),
    json: flag('Print JSON'),
  },
  notes: [
    'check reads the whole log as every reader of today does: events brought to the current version of their schema, then',
    'validated by it. What does not fit is listed by position, with the path of what is wrong; the exit code is then 3, so',
    'that a pipeline stops before code is deployed that cannot read its own history.',
  ],
  run: async ({ args: { action, path }, options, terminal }) => {
    if (action === 'check') {
      const { app, db, create } = await targetOf({ ...options, app: path ?? options.app }, { make: false })
      const store = await storeAt(db, { create })
      try {
        return await checkRecorded(app, store, { ...options, db: shownDatabase(db) }, terminal)
      } finally {
        await store.close()
      }
    }
    if (path !== undefined)
      throw usageError(`${JSON.stringify(path)} is one argument too many`, 'headwater catalog check <app>')
    const { app } = await loadApp(action ?? options.app ?? (await readConfig()).app ?? '.')
    return print(app, options.json, terminal)
  },
})

async function print(app: App, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const found = catalogOf(app)
  if (json) {
    await terminal.print(JSON.stringify(found))
    return exitCodes.ok
  }
  const columns: Column<Line>[] = [
    { title: 'context', value: ({ context }) => context },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'name', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => version },
    { title: 'of', value: ({ of }) => of },
    { title: 'meaning', value: ({ description }) => description },
  ]
  await terminal.print(table(columns, linesOf(found), terminal))
  for (const { message } of lintNames(found)) terminal.warn(message)
  return exitCodes.ok
}

interface Line {
  readonly context: string
  readonly kind: string
  readonly name: string
  readonly version?: number
  /** What it belongs to, or how it works. */
  readonly of?: string | null
  readonly description: string | null
}

function linesOf({ contexts, events, commands, queries, rules }: Catalog): readonly Line[] {
  return contexts.flatMap(({ name: context, aggregates, views, subscriptions }): Line[] => [
    ...aggregates.map(({ name, description }) => ({ context, kind: 'aggregate', name, description })),
    ...commands
      .filter((known) => known.context === context)
      .map(({ name, aggregate, description }) => ({
        context,
        kind: 'command',
        name,
        of: aggregate,
        description,
      })),
    ...events
      .filter((known) => known.context === context)
      .map(({ name, version, aggregate, description }) => {
        return { context, kind: 'event', name, version, of: aggregate, description }
      }),
    ...views.map(({ name, lifecycle, description }) => ({
      context,
      kind: 'view',
      name,
      of: lifecycle,
      description,
    })),
    ...queries
      .filter((known) => known.context === context)
      .map(({ name, description }) => ({ context, kind: 'query', name, description })),
    ...subscriptions.map(({ name, when, description }) => {
      return { context, kind: 'subscription', name, of: when, description }
    }),
    ...rules
      .filter((known) => known.contexts.includes(context))
      .map(({ name, description }) => ({ context, kind: 'rule', name, description })),
  ])
}
