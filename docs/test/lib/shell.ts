import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Block, Page } from './markdown.ts'
import { root } from './markdown.ts'

const launcher = join(root, 'packages/headwater/bin/headwater.js')
const condition = '--conditions=@headwater/source'

/** A block of commands and what it prints. */
export interface Session {
  readonly line: number
  readonly commands: string
  /** The block that says what is printed. */
  readonly prints: Block | undefined
  /** The exit code that the page names: `sh run exit=3`. */
  readonly exit: number
}

export function sessionsOf({ blocks }: Page): readonly Session[] {
  return blocks.flatMap(({ language, words, line, text }, index) => {
    if (language !== 'sh' || !words.includes('run')) return []
    const next = blocks[index + 1]
    const exit = Number(words.find((word) => word.startsWith('exit='))?.slice('exit='.length) ?? 0)
    return [{ line, commands: text, prints: next?.words.includes('prints') ? next : undefined, exit }]
  })
}

/** What this machine lacks for running the docs' commands; they need no more than a shell and curl. */
export function missingTools(): readonly string[] {
  return ['sh', 'curl'].filter((tool) => {
    try {
      execFileSync(tool, tool === 'sh' ? ['-c', 'true'] : ['--version'], { stdio: 'ignore' })
      return false
    } catch (error) {
      if (error instanceof Error) return true
      throw error
    }
  })
}

/**
 * A folder in which a page's commands run. It holds the files that the page shows (`file=` beside a fence), `examples`,
 * and, for `<!-- files: folder -->`, a copy of that folder's files.
 */
export function makeFolder(page: Page): string {
  const folder = join(root, 'docs/test/dist/shell', page.path.replaceAll('/', '_').replace(/\.md$/, ''))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(root, 'examples'), join(folder, 'examples'), 'dir')
  const files = directive(page, 'files')
  if (files !== undefined) {
    cpSync(join(root, files), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
  }
  const shown = new Map<string, string>()
  for (const { words, text } of page.blocks) {
    const name = words.find((word) => word.startsWith('file='))?.slice('file='.length)
    const before = words.includes('replaces') ? '' : (shown.get(name ?? '') ?? '')
    if (name !== undefined) shown.set(name, `${before}${text}\n`)
  }
  for (const [name, text] of shown) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** What a page's `<!-- name: value -->` says. */
export function directive({ lines }: Page, name: string): string | undefined {
  const start = `<!-- ${name}: `
  return lines
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .replace(/ -->$/, '')
}

export interface RunningServer {
  readonly host: string
  stop(): Promise<void>
}

/**
 * `headwater serve`, on a free port and, unless the page says otherwise, in memory.
 *
 * @param said an app, and options behind it: `examples/shop --roles gateway`
 */
export async function startServer(said: string, folder: string): Promise<RunningServer> {
  const [app = '', ...options] = said.split(' ')
  const args = [condition, launcher, 'serve', app, '--db', 'memory:', '--port', '0', ...options]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const url = await new Promise<string>((resolve, reject) => {
    const said: string[] = []
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      const found = /"url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`headwater serve ended:\n${said.join('\n')}`)))
  })
  return { host: new URL(url).host, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

export interface Printed {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

/** Runs commands as a reader would type them, save that what never ends is ended after two seconds. */
export function runCommands(commands: string, folder: string, host: string | undefined): Promise<Printed> {
  const headwater = `'${process.execPath}' ${condition} '${launcher}'`
  const script = [
    `npx() { shift; ${headwater} "$@"; }`,
    `headwater() { ${headwater} "$@"; }`,
    commands
      .replaceAll('localhost:4000', host ?? 'localhost:4000')
      .replaceAll('curl -s -N', 'curl -s -N --max-time 2'),
  ].join('\n')
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', script],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : Number(error.code)
        // What curl says when its time is up.
        resolve({ stdout, stderr, exit: exit === 28 && commands.includes('curl -s -N') ? 0 : exit })
      },
    )
  })
}
