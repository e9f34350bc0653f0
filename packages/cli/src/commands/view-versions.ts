import { CliError, usageError } from '../command/cli-error.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import type {
  RebuildLine,
  RebuildOptionsLine,
  Source,
  VersionLine,
  VersionsSource,
} from '../source/source.ts'
import { count, counted, duration } from '../terminal/format.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const versionActions = ['rebuild', 'cancel', 'versions', 'switch', 'drop', 'accept'] as const
export type VersionAction = (typeof versionActions)[number]

export interface VersionOptions extends RebuildOptionsLine {
  readonly json: boolean
}

/** Milliseconds between two looks at a rebuild. */
const interval = 250

export function isVersionAction(action: string | undefined): action is VersionAction {
  return versionActions.some((known) => known === action)
}

/** `view rebuild|cancel|versions|switch|drop|accept`. */
export async function lookAfterVersions(
  source: Source,
  action: VersionAction,
  view: string,
  version: string | undefined,
  options: VersionOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const versions = source.versions(view)
  const { json, ...asked } = options
  switch (action) {
    case 'rebuild':
      return follow(versions, await versions.rebuild(asked), options, terminal)
    case 'switch':
      return follow(
        versions,
        await versions.switchTo(numberOf(action, view, version), asked),
        options,
        terminal,
      )
    case 'cancel':
      await versions.cancel()
      break
    case 'drop':
      await versions.drop(numberOf(action, view, version))
      break
    case 'accept':
      await versions.accept()
      break
    case 'versions':
      break
  }
  await printVersions(await versions.list(), json, terminal)
  return exitCodes.ok
}

/** Tells how far it is until it has taken over, or waits for somebody. */
async function follow(
  versions: VersionsSource,
  begun: RebuildLine,
  options: VersionOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const started = performance.now()
  const { view, version, position: from } = begun
  const progress = terminal.progress(`${view}@${version}`, { total: begun.head, from })
  let now = begun
  const waitsForSwitch = options.switch !== 'asked'
  try {
    while (now.state === 'building' || (now.state === 'ready' && waitsForSwitch)) {
      if (terminal.signal.aborted) throw interrupted(now)
      const detail = now.parked === 0 ? '' : `${counted(now.parked, 'event')} parked`
      progress.update(now.position, detail, now.head)
      await pause(interval, terminal.signal)
      now = await versions.progress()
    }
  } finally {
    progress.stop()
  }
  if (options.json) await terminal.print(JSON.stringify(now))
  else await terminal.print(outcomeOf(now, performance.now() - started))
  for (const { sequence, position, error } of options.json ? [] : now.errors)
    terminal.note(`  position ${count(position)}, ${sequence}: ${error ?? 'waits behind another'}`)
  return now.state === 'blocked' || now.state === 'failed' ? exitCodes.failed : exitCodes.ok
}

function outcomeOf({ view, version, state, position, parked, reason }: RebuildLine, time: number): string {
  const where = `at position ${count(position)}, after ${duration(time)}`
  switch (state) {
    case 'switched':
      return `${view}: version ${version} is read now, ${where}`
    case 'ready':
      return `${view}: version ${version} is ready ${where}; headwater view switch ${view} ${version} has it take over`
    case 'blocked':
      return `${view}: version ${version} could not fold ${counted(parked, 'event')}, so the one before is still read. With them: headwater view switch ${view} ${version} --with-parked`
    default:
      return `${view}: version ${version} was given up: ${reason ?? state}`
  }
}

function interrupted({ view, version }: RebuildLine): CliError {
  return new CliError('view.rebuild-failed', `Version ${version} of ${view} is not finished`, {
    exit: 'interrupted',
    remedy: `It goes on in the next process with this code, from where it is. To give it up: headwater view cancel ${view}`,
  })
}

async function printVersions(
  versions: readonly VersionLine[],
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  if (json) return terminal.print(JSON.stringify({ versions }))
  const columns: Column<VersionLine>[] = [
    { title: 'version', value: ({ version }) => version },
    { title: 'state', value: ({ state }) => state },
    { title: 'fed', value: ({ lifecycle }) => lifecycle },
    { title: 'position', value: ({ position }) => position },
    { title: 'this code', value: ({ isOwnCode }) => (isOwnCode ? 'yes' : 'no') },
    { title: 'made', value: ({ madeAt }) => new Date(madeAt).toISOString() },
    { title: 'by', value: ({ madeBy }) => madeBy },
    { title: 'kept until', value: ({ keptUntil }) => keptUntil && new Date(keptUntil).toISOString() },
    { title: 'reason', value: ({ reason }) => reason },
  ]
  await terminal.print(table(columns, versions, terminal))
}

function numberOf(action: string, view: string, version: string | undefined): number {
  if (version !== undefined && /^[1-9]\d{0,14}$/.test(version)) return Number(version)
  throw usageError(
    version === undefined ? `view ${action} needs a version` : `${JSON.stringify(version)} is no version`,
    `headwater view versions ${view} lists them.`,
  )
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}
