import type { Headwater, SnapshotFinding, SnapshotInfo, SnapshotSelection } from '@headwater/core'
import { open } from '../app/open.ts'
import { withoutReactions } from '../app/parts.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { tenantOption } from '../app/tenant.ts'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag } from '../command/options.ts'
import { bytes, counted } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface Options extends SnapshotSelection {
  readonly json: boolean
}

type Action = (headwater: Headwater, selection: Options, terminal: Terminal) => Promise<ExitCode>

export const snapshot = command({
  name: 'snapshot',
  summary: 'List, take, verify and drop the snapshots of streams',
  examples: [
    ['headwater snapshot', 'which streams have one, of which revision'],
    ['headwater snapshot take', 'of all streams that have moved since the last round'],
    ['headwater snapshot take order-1', 'of one stream'],
    ['headwater snapshot verify', 'fold the streams from their first events and compare'],
    ['headwater snapshot drop order', "those of an aggregate's streams"],
  ],
  arguments: {
    action: { description: 'list, take, verify or drop', optional: true },
    of: { description: 'An aggregate, or a stream: <aggregate>-<id>; default: all', optional: true },
  },
  options: {
    tenant: tenantOption,
    allTenants: flag('Of all tenants'),
    ...targetOptions,
    json: flag('Print JSON; a list as one snapshot per line'),
  },
  notes: [
    'Snapshots save time and nothing depends on them: what is dropped is folded anew.',
    'verify ends with exit code 1 where one is not what its stream folds to: drop it, and raise the version of the policy.',
  ],
  run: async ({ args, options, terminal }) => {
    const [name, of] = actionOf(args.action, args.of)
    const { app, db, create } = await targetOf(options, { make: false })
    const headwater = await open(withoutReactions(app), { db, create, processors: false, images: false })
    try {
      const { tenant, allTenants, json } = options
      const selection = { ...selectionOf(of), ...(tenant !== undefined && { tenant }), allTenants, json }
      return await actions[name](headwater, selection, terminal)
    } finally {
      await headwater.close()
    }
  },
})

const actions = { list, take, verify, drop } satisfies Record<string, Action>

/** `snapshot order` can only mean `snapshot list order`. */
function actionOf(action = 'list', of?: string): [keyof typeof actions, string | undefined] {
  if (isAction(action)) return [action, of]
  if (of === undefined) return ['list', action]
  throw usageError(`There is no action ${action}`, `There are ${Object.keys(actions).join(', ')}.`)
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

function selectionOf(of: string | undefined): SnapshotSelection {
  if (of === undefined) return {}
  return of.includes('-') ? { stream: of } : { aggregate: of }
}

async function list(headwater: Headwater, selection: Options, terminal: Terminal): Promise<ExitCode> {
  const found = await gathered(headwater.snapshots.list(selection), terminal)
  if (selection.json) await printLines(found, terminal)
  else if (found.length === 0) terminal.note('There are no snapshots.')
  else await terminal.print(table(columnsOf(found), found, terminal))
  return exitCodes.ok
}

async function take(headwater: Headwater, selection: Options, terminal: Terminal): Promise<ExitCode> {
  const taken = await headwater.snapshots.take(selection)
  if (taken === undefined) {
    throw new CliError('processor.fenced', 'Another process is taking snapshots', {
      remedy: 'Wait until it is done, or name a stream.',
    })
  }
  const { failed } = headwater.snapshots
    .summaries()
    .reduce((sum, one) => ({ failed: sum.failed + one.failed }), { failed: 0 })
  if (selection.json) await terminal.print(JSON.stringify({ taken, failed }))
  else await terminal.print(`${counted(taken, 'snapshot')} taken`)
  return failed === 0 ? exitCodes.ok : exitCodes.failed
}

async function verify(headwater: Headwater, selection: Options, terminal: Terminal): Promise<ExitCode> {
  const progress = terminal.progress('Verified')
  const wrong: SnapshotFinding[] = []
  let right = 0
  let ignored = 0
  try {
    for await (const finding of headwater.snapshots.verify(selection)) {
      terminal.signal.throwIfAborted()
      if (finding.difference !== null) wrong.push(finding)
      else if (finding.isCurrent) right += 1
      else ignored += 1
      progress.update(right + wrong.length)
    }
  } finally {
    progress.stop()
  }
  if (selection.json) await terminal.print(JSON.stringify({ right, ignored, wrong }))
  else {
    if (wrong.length > 0) await terminal.print(table(findingColumns(wrong), wrong, terminal))
    const others = ignored === 0 ? '' : `; ${ignored} of other code, which is ignored`
    terminal.note(`${counted(right, 'snapshot is', 'snapshots are')} right, ${wrong.length} wrong${others}`)
  }
  return wrong.length === 0 ? exitCodes.ok : exitCodes.failed
}

async function drop(headwater: Headwater, selection: Options, terminal: Terminal): Promise<ExitCode> {
  const dropped = await headwater.snapshots.drop(selection)
  if (selection.json) await terminal.print(JSON.stringify({ dropped }))
  else await terminal.print(`${counted(dropped, 'snapshot')} dropped`)
  return exitCodes.ok
}

async function gathered(items: AsyncIterable<SnapshotInfo>, { signal }: Terminal): Promise<SnapshotInfo[]> {
  const all: SnapshotInfo[] = []
  for await (const item of items) {
    signal.throwIfAborted()
    all.push(item)
  }
  return all
}

async function printLines(items: readonly SnapshotInfo[], terminal: Terminal): Promise<void> {
  if (items.length > 0) await terminal.print(items.map((item) => JSON.stringify(item)).join('\n'))
}

/** Tenants have a column where there are any. */
function placeColumns(items: readonly SnapshotInfo[]): Column<SnapshotInfo>[] {
  const tenant: Column<SnapshotInfo> = { title: 'tenant', value: ({ tenant: name }) => name }
  return [
    ...(items.some((item) => item.tenant !== '') ? [tenant] : []),
    { title: 'stream', value: ({ stream }) => stream },
    { title: 'revision', value: ({ revision }) => revision },
  ]
}

function columnsOf(items: readonly SnapshotInfo[]): Column<SnapshotInfo>[] {
  return [
    ...placeColumns(items),
    { title: 'taken', value: ({ takenAt }) => takenAt.toISOString() },
    { title: 'size', value: ({ size }) => bytes(size) },
    { title: 'code', value: ({ isCurrent }) => (isCurrent ? 'current' : 'other: ignored') },
  ]
}

function findingColumns(items: readonly SnapshotFinding[]): Column<SnapshotFinding>[] {
  return [...placeColumns(items), { title: 'difference', value: ({ difference }) => difference }]
}
