import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lintNames, roles } from '@headwater/core'
import { importDefault, type LoadedApp, shown } from '../app/load.ts'
import { findPages } from '../app/pages.ts'
import { isMemory, shownDatabase } from '../app/database.ts'
import { exitCodes, type ExitCode } from '../command/exit-code.ts'
import { count, duration } from '../terminal/format.ts'
import { describeProblem } from '../terminal/problem.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { openBrowser } from './browser.ts'
import { type Server, startServer } from './server.ts'
import { projectOf } from './watch.ts'
import { changedVariable, stopMessage, workerVariable } from './supervisor.ts'
import type { Traffic } from './traffic.ts'

export interface DevTask {
  readonly loaded: LoadedApp
  readonly db: string
  readonly host: string
  readonly port: number
  readonly traffic: boolean
  readonly rate: number
  readonly seed: string | undefined
  readonly openBrowser: boolean
  readonly watches: boolean
  readonly terminal: Terminal
}

/** Serves an app for its developer, until told to stop. */
export async function runDev(task: DevTask): Promise<ExitCode> {
  const { loaded, terminal } = task
  const started = performance.now()
  const stopping = stopSignal(terminal)
  const traffic = task.traffic ? await loadTraffic(loaded) : undefined
  const pages = findPages(loaded.folder)
  const server = await startServer(loaded.app, {
    ...task,
    gateway: true,
    roles,
    onError: (error, { processor, subscription }) => {
      const where = processor ?? subscription
      terminal.note(
        `${where === undefined ? '' : `${terminal.noteStyle.dim(where)} `}${describeProblem(error, terminal.noteStyle)}`,
      )
    },
    http: { production: false, ...(pages !== undefined && { pages }) },
    onWarning: ({ code, message }) => terminal.warn(`${code}: ${message}`),
    // What is being written is wanted to be seen: a view follows its code.
    onChangedView: 'rebuild',
    viewGrace: 60_000,
  })
  try {
    const changed = process.env[changedVariable]
    if (changed !== undefined) {
      const took = duration(performance.now() - started)
      terminal.note(terminal.noteStyle.dim(`↻ ${changed} changed; started again in ${took}`))
    } else {
      terminal.note(await banner(task, server, traffic !== undefined))
      for (const { message } of lintNames(server.headwater.catalog)) terminal.warn(message)
      if (task.traffic && traffic === undefined)
        terminal.warn(`${shown(loaded.folder)} has no traffic.ts; nothing is simulated.`)
      if (task.openBrowser) openBrowser(`${server.url}/studio/`, terminal)
    }
    const simulation = traffic === undefined ? undefined : simulate(traffic, server, task, stopping)
    await untilAborted(stopping)
    await simulation
  } finally {
    await server.close()
    // An open channel to the process that started this one would keep it alive.
    if (process.connected) process.disconnect()
  }
  return exitCodes.ok
}

/** The terminal's, or, in a worker, the word of the process that started it, or that process' end. */
function stopSignal({ signal }: Terminal): AbortSignal {
  if (process.env[workerVariable] === undefined) return signal
  const told = new AbortController()
  process.once('disconnect', () => told.abort())
  process.on('message', (message) => {
    if (message === stopMessage) told.abort()
  })
  return AbortSignal.any([signal, told.signal])
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function loadTraffic({ folder, file }: LoadedApp): Promise<Traffic | undefined> {
  const names = ['traffic.ts', 'traffic.js']
  const places = [folder, projectOf(file)].flatMap((place) => names.map((name) => join(place, name)))
  const found = places.find((place) => existsSync(place))
  const exported = found === undefined ? undefined : await importDefault(found)
  return isTraffic(exported) ? exported : undefined
}

function isTraffic(value: unknown): value is Traffic {
  return typeof value === 'function'
}

async function simulate(
  traffic: Traffic,
  server: Server,
  { rate, seed, terminal }: DevTask,
  signal: AbortSignal,
): Promise<void> {
  try {
    await traffic(server.headwater, {
      rate,
      seed: seed ?? Math.floor(Date.now() / 1_000).toString(36),
      signal,
    })
  } catch (error) {
    if (!signal.aborted) terminal.note(`The traffic ended: ${describeProblem(error, terminal.noteStyle)}`)
  }
}

async function banner(task: DevTask, { url, studio, headwater }: Server, traffic: boolean): Promise<string> {
  const { loaded, db, rate, terminal } = task
  const { strong, dim, link } = terminal.noteStyle
  const { position } = await headwater.head()
  const where = isMemory(db)
    ? 'in memory, gone in the end'
    : `${shownDatabase(db)} ${dim(`(${count(position)} events)`)}`
  const lines: (readonly [string, string])[] = [
    [
      'Studio',
      studio ? link(`${url}/studio/`) : dim('not built; in a checkout: npm run build -w @headwater/studio'),
    ],
    ...(findPages(loaded.folder) === undefined ? [] : [['Pages', link(`${url}/app/`)] as const]),
    ['HTTP', link(`${url}/openapi.json`)],
    ['Events', `${link(`${url}/events`)} ${dim('(curl -N -H "accept: text/event-stream" …)')}`],
    ['Database', where],
    ...(traffic
      ? [
          [
            'Traffic',
            `simulated, about ${rate} commands a second; off with ${strong('--no-traffic')}`,
          ] as const,
        ]
      : []),
    ...(task.watches ? [['Watching', dim(shown(projectOf(loaded.file)))] as const] : []),
  ]
  const width = Math.max(...lines.map(([title]) => title.length))
  return [
    '',
    `  ${strong(loaded.app.name)} ${dim('is running. Ctrl-C stops it.')}`,
    '',
    ...lines.map(([title, text]) => `  ${dim(title.padEnd(width))}  ${text}`),
    '',
  ].join('\n')
}
