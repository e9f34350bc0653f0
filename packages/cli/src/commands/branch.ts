import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, instant, moment, text } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import type { BranchesSource, BranchLine } from '../source/source.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { diffBranch, diffOptions } from './branch-diff.ts'
import { mergeBranch, mergeOptions } from './branch-merge.ts'
import { replayBranch } from './branch-replay.ts'

const actions = ['create', 'list', 'show', 'move', 'replay', 'diff', 'merge', 'drop'] as const
type Action = (typeof actions)[number]

export const branchCommand = command({
  name: 'branch',
  summary: 'Begin, compare, merge and drop branches: what the log would be like',
  examples: [
    ['headwater branch create what-if', 'at the end of main'],
    ['headwater branch create what-if --at 2010-12-03T10:00', 'of what had been recorded by then'],
    ['headwater branch create deeper --from what-if', 'on another branch'],
    [`headwater send PayOrder '{"orderId":"1"}' --branch what-if`, 'decide something on it'],
    ['headwater view show orders --branch what-if', 'and see what would be'],
    ['headwater branch move what-if --to 2011-01-01', 'let time pass there'],
    ['headwater branch replay what-if', 'decide again what read something that is another one there'],
    ['headwater branch diff what-if', 'what differs there, and why'],
    [`headwater branch merge what-if --dry-run`, 'what merging it would do'],
    [`headwater branch merge what-if --why 'it was so'`, 'have it on main'],
    [`headwater branch merge what-if --why 'it was so' --resolve order-1=mine`, 'where both sides moved'],
    ['headwater branch list', 'all of them'],
    ['headwater branch drop what-if', 'forget it, without a trace'],
  ],
  arguments: {
    action: { description: actions.join(', '), optional: true },
    name: { description: 'Which branch', optional: true },
  },
  options: {
    from: text('<branch>', 'Create: the branch to begin on; default: main'),
    at: moment('Create: a position, or what had been recorded by a time; default: the end'),
    to: instant('Move: the time that its clock shows from now on'),
    mode: text('<mode>', 'Replay: facts or decisions; default: decisions'),
    all: flag('Replay: decide every command again, not only those that read what was amended'),
    ...diffOptions,
    ...mergeOptions,
    actor: text('<name>', 'Merge: who does it; default: who is at this terminal'),
    ...sourceOptions,
    json: flag('Print JSON; a list as one branch per line'),
  },
  notes: [
    'Nothing on main changes by what is done on a branch, and nothing done on it has an effect, until it is merged.',
    'A merge that meets conflicts records nothing, shows both sides and ends with the exit code 4.',
  ],
  run: async ({ args, options, terminal }) => {
    const { action = 'list', name } = args
    if (!isAction(action))
      throw usageError(`There is no action ${action}`, `There are ${actions.join(', ')}.`)
    // What compares or follows views brings those of main up to date first.
    const need = action === 'diff' || action === 'replay' ? 'views' : 'definition'
    return withSource(options, need, terminal, async ({ branches }) => {
      if (action === 'list') return list(branches, options.json, terminal)
      if (name === undefined)
        throw usageError(`branch ${action} needs a name`, `headwater branch ${action} <name>`)
      if (action === 'replay') return replayBranch(branches, name, options, terminal)
      if (action === 'diff') return diffBranch(branches, name, options, terminal)
      if (action === 'merge') return mergeBranch(branches, name, options, terminal)
      if (action === 'drop') {
        await branches.drop(name)
        return options.json
          ? terminal.print(JSON.stringify({ dropped: name }))
          : terminal.print(`${name} is gone`)
      }
      const shown = await made(branches, action, name, options)
      return options.json ? terminal.print(JSON.stringify(lineOf(shown))) : tell(shown, terminal)
    })
  },
})

function isAction(name: string): name is Action {
  return actions.some((action) => action === name)
}

interface Making {
  readonly from: string | undefined
  readonly at: Date | number | undefined
  readonly to: Date | undefined
}

async function made(
  branches: BranchesSource,
  action: 'create' | 'show' | 'move',
  name: string,
  { from, at, to }: Making,
): Promise<BranchLine> {
  if (action === 'show') return branches.get(name)
  if (action === 'create')
    return branches.create(name, { ...(from !== undefined && { from }), ...(at !== undefined && { at }) })
  if (to === undefined) throw usageError('branch move needs --to', 'headwater branch move <name> --to <time>')
  return branches.moveTo(name, to)
}

async function list(branches: BranchesSource, json: boolean, terminal: Terminal): Promise<void> {
  const found = await branches.list()
  if (json) {
    if (found.length > 0) await terminal.print(found.map((one) => JSON.stringify(lineOf(one))).join('\n'))
    return
  }
  if (found.length === 0) {
    terminal.note('There are no branches.')
    return
  }
  const columns: Column<BranchLine>[] = [
    { title: 'branch', value: ({ name }) => name },
    { title: 'from', value: ({ from }) => from ?? 'main' },
    { title: 'base', value: ({ base }) => base },
    { title: 'own events', value: ({ base, head }) => head - base },
    { title: 'now', value: ({ now }) => timeOf(now) },
    { title: 'by', value: ({ actor }) => actor ?? undefined },
  ]
  await terminal.print(table(columns, found, terminal))
}

async function tell({ name, from, base, head, now }: BranchLine, { print, style }: Terminal): Promise<void> {
  const own = head - base === 1 ? '1 event' : `${head - base} events`
  await print(
    `${style.strong(name)} begins after position ${base} of ${from ?? 'main'}, with ${own} of its own`,
  )
  await print(style.dim(`  its clock shows ${timeOf(now)}`))
}

/** The same from a database and from a server. */
function lineOf({ from, ...branch }: BranchLine): object {
  return { ...branch, from: from ?? 'main' }
}

function timeOf(time: Date | string): string {
  return typeof time === 'string' ? time : time.toISOString()
}
