import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a file of this folder in a process of its own.
 *
 * @param killAfter so many lines of its output; undefined: it runs to its end
 * @returns the lines that it printed
 */
export async function run(
  file: string,
  args: readonly string[],
  killAfter?: number,
): Promise<readonly string[]> {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@headwater/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (part: string) => {
    text += part
    if (killAfter !== undefined && text.split('\n').length > killAfter) child.kill('SIGKILL')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (killAfter === undefined && code !== 0) throw new Error(`${file} ended with ${code}`)
  return text.split('\n').slice(0, -1)
}
