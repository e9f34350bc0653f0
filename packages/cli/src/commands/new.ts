import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { shown } from '../app/load.ts'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, text } from '../command/options.ts'
import { starterFiles } from '../starter/files.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const newCommand = command({
  name: 'new',
  summary: 'Begin an app: a commented starter with a test',
  examples: [
    ['headwater new my-app', 'makes the folder my-app and installs what it needs'],
    ['cd my-app && npm start', 'runs it: HTTP, Studio, restart when you save'],
    ['headwater new . --name shop --no-install', 'in this folder, which must be empty'],
  ],
  arguments: { folder: { description: 'The folder to make; an empty one will do, too' } },
  options: {
    name: text('<name>', "The app's name; otherwise the folder's"),
    install: flag('Install what it needs', { default: true }),
    json: flag('Print what was made, as JSON'),
  },
  run: async ({ args, options, terminal }) => {
    const folder = resolve(args.folder)
    const name = checkName(options.name ?? basename(folder))
    requireEmpty(folder)
    mkdirSync(folder, { recursive: true })
    const files = starterFiles(name, realpathSync(folder))
    // `wx`: whatever somebody has put there meanwhile stays as it is.
    for (const [file, content] of files) writeFileSync(join(folder, file), content, { flag: 'wx' })
    if (options.install) await install(folder, terminal)
    if (options.json) return terminal.print(JSON.stringify({ name, folder, files: [...files.keys()] }))
    terminal.note(
      `${terminal.noteStyle.good('✓')} ${name} in ${shown(folder)}: ${[...files.keys()].join(', ')}`,
    )
    const steps = [
      ...(shown(folder) === '.' ? [] : [`cd ${shown(folder)}`]),
      ...(options.install ? [] : ['npm install']),
      'npm start',
    ]
    await terminal.print(steps.join('\n'))
  },
})

/** @throws CliError usage */
function checkName(name: string): string {
  if (/^[a-z][a-z0-9_-]{0,100}$/.test(name)) return name
  throw usageError(
    `${JSON.stringify(name)} is no name for an app`,
    'Small letters, digits, dashes and underscores, beginning with a letter: --name my-app',
  )
}

/** @throws CliError usage */
function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return
  const found = readdirSync(folder).filter((file) => file !== '.git')
  if (found.length === 0) return
  throw usageError(
    `${shown(folder)} is not empty: it holds ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}`,
    'Name a folder that is not there yet, or an empty one.',
  )
}

/** Runs npm, whose messages go where messages go. */
async function install(folder: string, terminal: Terminal): Promise<void> {
  terminal.note(terminal.noteStyle.dim('npm install …'))
  const code = await new Promise<number>((done, failed) => {
    const child = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
      signal: terminal.signal,
    })
    child.once('error', failed)
    child.once('exit', (exitCode) => done(exitCode ?? 1))
  })
  if (code === 0) return
  throw new CliError('cli.install-failed', `npm install in ${shown(folder)} ended with exit code ${code}`)
}
