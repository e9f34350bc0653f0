import { spawn } from 'node:child_process'
import type { Terminal } from '../terminal/terminal.ts'

/** Opens a page in the user's browser; where there is none, says so. */
export function openBrowser(url: string, terminal: Terminal): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open']
  const child = spawn(program ?? 'xdg-open', [...args, url], { stdio: 'ignore', detached: true })
  child.once('error', () => terminal.warn(`No browser could be opened; the page is ${url}`))
  child.unref()
}
