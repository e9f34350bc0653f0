import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { launched } from './retail.ts'

export interface Serving {
  readonly url: string
  stop(): Promise<void>
}

/** `headwater serve` on a free port. */
export async function serve(folder: string, args: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [...launched, 'serve', ...args, '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    const said: string[] = []
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      const found = /"url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`headwater serve ended:\n${said.join('\n')}`)))
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
